import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../auth/request-context.js';
import { answerType, JSON_TYPE } from './media-types.js';

/**
 * A document that is refused (it does not parse, does not fit the schema, costs too much) is 400 as
 * `application/graphql-response+json`, and 200 as `application/json`, where clients of old take any other status for an answer that is
 * not GraphQL's (GraphQL over HTTP, section 6.4). What is wrong with the request itself stays 4xx in both.
 */
export function responseStatus(): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response: { body, http } }) => {
        if (http.status !== 400 || !request.query || body.kind !== 'single' || body.singleResult.data !== undefined)
          return;
        if (answerType(request.http?.headers.get('accept')) === JSON_TYPE) http.status = 200;
      },
    }),
  };
}
