import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the lists of pushes and the projected balances lean on. */
export class IndexPushViews1764000006500 implements MigrationInterface {
  name = 'IndexPushViews1764000006500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX push_posted_of_customer ON push (instance_id, customer_layer_id, posted_at)');
    await runner.query('CREATE INDEX push_by_urn_alone ON push (instance_id, urn)');
    await runner.query('CREATE INDEX push_by_sage_reference ON push (instance_id, sage_reference)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
