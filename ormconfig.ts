import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/index.js';
import { readConfig } from './src/config/config.js';
import { entities } from './src/server/entities.js';
import { dataSourceOptions } from './src/database/open-database.js';

/** For TypeORM's own command line: `npx typeorm migration:show -d dist/ormconfig.js`. */
export default new DataSource(dataSourceOptions({ url: readConfig(process.env).DATABASE_URL, entities, migrations }));
