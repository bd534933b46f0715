import { z } from "zod";
import { createBlockSchema, findBlockSchema, NO_VERSION, removeBlockSchema } from "../../domain/blocks/schemas.ts";
import { model } from "../../http/request/body.ts";
import { document, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { allCapabilities, listBlockSchemas } from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import type { BlockSchemaRow } from "../../store/tables/blocks.ts";
import { parseJson } from "../../values/json.ts";
import { listRoutes } from "../list-routes.ts";
import { blockSchemaFilter } from "./fields.ts";
import { blockSchemaView, presentBlockSchemas } from "./view.ts";

async function presentOne(db: Db, schema: BlockSchemaRow): Promise<z.input<typeof blockSchemaView>> {
  return (await presentBlockSchemas(db, [schema]))[0] as z.input<typeof blockSchemaView>;
}

export const blockSchemaRoutes = [
  route({
    method: "POST",
    path: "/block_schemas/",
    summary: "Create Block Schema",
    body: model({
      fields: document().default({}),
      block_type_id: uuid(),
      capabilities: z.array(text()).default([]),
      version: text().default(NO_VERSION),
    }),
    responses: { 200: blockSchemaView, 201: blockSchemaView },
    async handle({ body }, context) {
      const { schema, created } = await createBlockSchema(context, body);
      return { status: created ? 201 : 200, body: await presentOne(context.store.db, schema) };
    },
  }),
  route({
    method: "GET",
    path: "/block_schemas/{id:uuid}",
    summary: "Read Block Schema By Id",
    responses: { 200: blockSchemaView },
    async handle({ params }, { store }) {
      return { status: 200, body: await presentOne(store.db, await findBlockSchema(store.db, { id: params.id })) };
    },
  }),
  route({
    method: "GET",
    path: "/block_schemas/checksum/{checksum}",
    summary: "Read Block Schema By Checksum",
    query: z.object({ version: text().optional() }),
    responses: { 200: blockSchemaView },
    async handle({ params, query }, { store }) {
      const by = { checksum: params.checksum, version: query.version };
      return { status: 200, body: await presentOne(store.db, await findBlockSchema(store.db, by)) };
    },
  }),
  ...listRoutes({
    path: "/block_schemas",
    title: "Block Schemas",
    filters: { block_schemas: blockSchemaFilter.optional() },
    options: {},
    list: (db, { block_schemas = {} }, _, page) => listBlockSchemas(db, block_schemas, page),
    view: blockSchemaView,
    present: (rows, { store }) => presentBlockSchemas(store.db, rows),
  }),
  route({
    method: "DELETE",
    path: "/block_schemas/{id:uuid}",
    summary: "Delete Block Schema",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeBlockSchema(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "GET",
    path: "/block_capabilities/",
    summary: "Read Available Block Capabilities",
    responses: { 200: z.array(view.text) },
    async handle(_, { store }) {
      const lists = (await allCapabilities(store.db)).flatMap((list) => parseJson(list) as string[]);
      return { status: 200, body: [...new Set(lists)].sort() };
    },
  }),
];
