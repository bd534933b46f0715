import { z } from "zod";
import { createVariable } from "../../domain/variables.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
import { oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countVariables, listVariables } from "../../store/queries/variables.ts";
import { variableFilter } from "../filters.ts";
import { variableByKeyRoutes } from "./by-key.ts";
import { tags, variableName, variableValue } from "./fields.ts";
import { presentVariable, variableView } from "./view.ts";

const sort = oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_DESC", "NAME_ASC").default("NAME_ASC");

export const variableRoutes = [
  route({
    method: "POST",
    path: "/variables/",
    summary: "Create Variable",
    body: model({ name: variableName(), value: variableValue(), tags: tags.default([]) }),
    responses: { 201: variableView },
    async handle({ body }, context) {
      return { status: 201, body: presentVariable(await createVariable(context, body)) };
    },
  }),
  route({
    method: "POST",
    path: "/variables/filter",
    summary: "Read Variables",
    body: members({ variables: variableFilter.optional(), sort, ...pageMembers }),
    responses: { 200: z.array(variableView) },
    async handle({ body }, { store, config }) {
      const rows = await listVariables(store.db, body.variables ?? {}, body.sort, readPage(body, config));
      return { status: 200, body: rows.map(presentVariable) };
    },
  }),
  route({
    method: "POST",
    path: "/variables/count",
    summary: "Count Variables",
    body: members({ variables: variableFilter.optional() }),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countVariables(store.db, body.variables ?? {}) };
    },
  }),
  ...variableByKeyRoutes,
];
