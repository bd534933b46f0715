import { z } from "zod";
import {
  changeBlockDocument,
  createBlockDocument,
  notFound,
  removeBlockDocument,
} from "../../domain/blocks/documents.ts";
import { findBlockType } from "../../domain/blocks/types.ts";
import { model } from "../../http/request/body.ts";
import { document, flag, oneOf, uuid } from "../../http/request/request-types.ts";
import { RequestValidationError } from "../../http/request/validation-error.ts";
import { route } from "../../http/route.ts";
import {
  blockDocumentById,
  blockDocumentByName,
  blockTypeBy,
  countBlockDocuments,
  listBlockDocuments,
} from "../../store/queries/blocks.ts";
import type { Db } from "../../store/store.ts";
import type { BlockDocumentRow } from "../../store/tables/blocks.ts";
import { listRoutes } from "../list-routes.ts";
import { blockDocumentFilter, blockSchemaFilter, blockTypeFilter, dashed, secretsQuery } from "./fields.ts";
import { blockDocumentView, presentBlockDocuments } from "./view.ts";

async function presentOne(
  db: Db,
  row: BlockDocumentRow | undefined,
  includeSecrets: boolean,
): Promise<z.input<typeof blockDocumentView>> {
  if (row === undefined) throw notFound();
  return (await presentBlockDocuments(db, [row], includeSecrets))[0] as z.input<typeof blockDocumentView>;
}

export const blockDocumentRoutes = [
  route({
    method: "POST",
    path: "/block_documents/",
    summary: "Create Block Document",
    body: model({
      name: dashed("Block document name").nullable().default(null),
      data: document().default({}),
      block_schema_id: uuid(),
      block_type_id: uuid(),
      is_anonymous: flag().default(false),
    }),
    responses: { 201: blockDocumentView },
    async handle({ body }, context) {
      if (body.name === null && !body.is_anonymous) {
        const msg = "Value error, Names must be provided for block documents.";
        throw new RequestValidationError([
          { type: "value_error", loc: ["body"], msg, input: body, ctx: { error: {} } },
        ]);
      }
      const row = await createBlockDocument(context, body);
      return { status: 201, body: await presentOne(context.store.db, row, false) };
    },
  }),
  ...listRoutes({
    path: "/block_documents",
    title: "Block Documents",
    filters: {
      block_documents: blockDocumentFilter.optional(),
      block_types: blockTypeFilter.optional(),
      block_schemas: blockSchemaFilter.optional(),
    },
    options: {
      include_secrets: flag().default(false),
      sort: oneOf("NAME_DESC", "NAME_ASC", "BLOCK_TYPE_AND_NAME_ASC").default("NAME_ASC"),
    },
    list: (db, filters, { sort }, page) => listBlockDocuments(db, filters, sort, page),
    count: countBlockDocuments,
    view: blockDocumentView,
    present: (rows, { store }, { options }) => presentBlockDocuments(store.db, rows, options.include_secrets),
  }),
  route({
    method: "GET",
    path: "/block_documents/{id:uuid}",
    summary: "Read Block Document By Id",
    query: secretsQuery,
    responses: { 200: blockDocumentView },
    async handle({ params, query }, { store }) {
      const row = await blockDocumentById(store.db, params.id);
      return { status: 200, body: await presentOne(store.db, row, query.include_secrets) };
    },
  }),
  route({
    method: "PATCH",
    path: "/block_documents/{id:uuid}",
    summary: "Update Block Document Data",
    body: model({
      block_schema_id: uuid().nullable().optional(),
      data: document().optional(),
      merge_existing_data: flag().default(true),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeBlockDocument(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/block_documents/{id:uuid}",
    summary: "Delete Block Document",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeBlockDocument(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "GET",
    path: "/block_types/slug/{slug}/block_documents",
    summary: "Read Block Documents For Block Type",
    query: secretsQuery,
    responses: { 200: z.array(blockDocumentView) },
    async handle({ params, query }, { store, config }) {
      const type = await findBlockType(store.db, { slug: params.slug });
      const filter = { block_type_id: { any_: [type.id] }, is_anonymous: { eq_: false } };
      const page = { limit: config.pageLimit, offset: 0 };
      const rows = await listBlockDocuments(store.db, { block_documents: filter }, "NAME_ASC", page);
      return { status: 200, body: await presentBlockDocuments(store.db, rows, query.include_secrets) };
    },
  }),
  route({
    method: "GET",
    path: "/block_types/slug/{slug}/block_documents/name/{block_document_name}",
    summary: "Read Block Document By Name For Block Type",
    query: secretsQuery,
    responses: { 200: blockDocumentView },
    async handle({ params, query }, { store }) {
      const type = await blockTypeBy(store.db, { slug: params.slug });
      const row = type && (await blockDocumentByName(store.db, type.id, params.block_document_name));
      return { status: 200, body: await presentOne(store.db, row, query.include_secrets) };
    },
  }),
];
