import { z } from "zod";
import { changeAutomation, createAutomation, findAutomation, removeAutomation } from "../../domain/automations.ts";
import { model } from "../../http/request/body.ts";
import { flag, oneOf, text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import {
  automationsRelatedTo,
  countAutomations,
  deleteAutomationsOwnedBy,
  listAutomations,
} from "../../store/queries/automations.ts";
import { listRoutes } from "../list-routes.ts";
import { actions, automationFilter, tags, trigger } from "./fields.ts";
import { automationView, presentAutomation } from "./view.ts";

export const automationRoutes = [
  route({
    method: "POST",
    path: "/automations/",
    summary: "Create Automation",
    body: model({
      name: text(),
      description: text().default(""),
      enabled: flag().default(true),
      tags: tags.default([]),
      trigger,
      actions,
      actions_on_trigger: actions.default([]),
      actions_on_resolve: actions.default([]),
      owner_resource: text().nullable().default(null),
    }),
    responses: { 201: automationView },
    async handle({ body }, context) {
      const { owner_resource, ...content } = body;
      return { status: 201, body: presentAutomation(await createAutomation(context, content, owner_resource)) };
    },
  }),
  route({
    method: "PUT",
    path: "/automations/{id:uuid}",
    summary: "Update Automation",
    body: model({
      name: text(),
      description: text().optional(),
      enabled: flag().optional(),
      tags: tags.optional(),
      trigger,
      actions,
      actions_on_trigger: actions.optional(),
      actions_on_resolve: actions.optional(),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeAutomation(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "PATCH",
    path: "/automations/{id:uuid}",
    summary: "Patch Automation",
    body: model({ enabled: flag().optional() }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeAutomation(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "GET",
    path: "/automations/{id:uuid}",
    summary: "Read Automation",
    responses: { 200: automationView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentAutomation(await findAutomation(store.db, params.id)) };
    },
  }),
  route({
    method: "DELETE",
    path: "/automations/{id:uuid}",
    summary: "Delete Automation",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeAutomation(context, params.id);
      return { status: 204 };
    },
  }),
  ...listRoutes({
    path: "/automations",
    title: "Automations",
    filters: { automations: automationFilter.optional() },
    options: { sort: oneOf("CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC").default("NAME_ASC") },
    list: (db, { automations = {} }, { sort }, page) => listAutomations(db, automations, sort, page),
    view: automationView,
    present: (rows) => rows.map(presentAutomation),
  }),
  route({
    method: "POST",
    path: "/automations/count",
    summary: "Count Automations",
    responses: { 200: view.integer },
    async handle(_, { store }) {
      return { status: 200, body: await countAutomations(store.db) };
    },
  }),
  route({
    method: "GET",
    path: "/automations/related-to/{resource_id}",
    summary: "Read Automations Related To Resource",
    responses: { 200: z.array(automationView) },
    async handle({ params }, { store }) {
      const rows = await automationsRelatedTo(store.db, params.resource_id);
      return { status: 200, body: rows.map(presentAutomation) };
    },
  }),
  route({
    method: "DELETE",
    path: "/automations/owned-by/{resource_id}",
    summary: "Delete Automations Owned By Resource",
    responses: { 202: z.null() },
    async handle({ params }, { store }) {
      await store.write((tx) => deleteAutomationsOwnedBy(tx, params.resource_id));
      return { status: 202, body: null };
    },
  }),
];
