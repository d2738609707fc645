import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType()
export abstract class Node {
  @Field(() => ID, {
    description: 'Opaque and stable. An id of another instance answers exactly like an id that does not exist.',
  })
  abstract id: string;
}
