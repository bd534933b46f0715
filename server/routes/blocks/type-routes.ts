import { z } from "zod";
import {
  changeBlockType,
  createBlockType,
  findBlockType,
  installSystemBlockTypes,
  removeBlockType,
} from "../../domain/blocks/types.ts";
import { model } from "../../http/request/body.ts";
import { name, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { listBlockTypes } from "../../store/queries/blocks.ts";
import { listRoutes } from "../list-routes.ts";
import { blockSchemaFilter, blockTypeFilter, dashed } from "./fields.ts";
import { blockTypeView, presentBlockType } from "./view.ts";

const optionalText = text().nullable();

export const blockTypeRoutes = [
  route({
    method: "POST",
    path: "/block_types/",
    summary: "Create Block Type",
    body: model({
      name: name(),
      slug: dashed("Block type slug"),
      logo_url: optionalText.default(null),
      documentation_url: optionalText.default(null),
      description: optionalText.default(null),
      code_example: optionalText.default(null),
    }),
    responses: { 201: blockTypeView },
    async handle({ body }, context) {
      return { status: 201, body: presentBlockType(await createBlockType(context, body)) };
    },
  }),
  route({
    method: "GET",
    path: "/block_types/{id:uuid}",
    summary: "Read Block Type By Id",
    responses: { 200: blockTypeView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentBlockType(await findBlockType(store.db, { id: params.id })) };
    },
  }),
  route({
    method: "GET",
    path: "/block_types/slug/{slug}",
    summary: "Read Block Type By Slug",
    responses: { 200: blockTypeView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentBlockType(await findBlockType(store.db, { slug: params.slug })) };
    },
  }),
  ...listRoutes({
    path: "/block_types",
    title: "Block Types",
    filters: { block_types: blockTypeFilter.optional(), block_schemas: blockSchemaFilter.optional() },
    options: {},
    list: (db, filters, _, page) => listBlockTypes(db, filters, page),
    view: blockTypeView,
    present: (rows) => rows.map(presentBlockType),
  }),
  route({
    method: "PATCH",
    path: "/block_types/{id:uuid}",
    summary: "Update Block Type",
    body: model({
      logo_url: optionalText.optional(),
      documentation_url: optionalText.optional(),
      description: optionalText.optional(),
      code_example: optionalText.optional(),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeBlockType(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/block_types/{id:uuid}",
    summary: "Delete Block Type",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeBlockType(context, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/block_types/install_system_block_types",
    summary: "Install System Block Types",
    responses: { 200: z.null() },
    async handle(_, context) {
      await installSystemBlockTypes(context);
      return { status: 200, body: null };
    },
  }),
];
