import type { Step } from "../step.ts";

const BLOCK = "the result names the schema and the type";

const fields = {
  title: "Type",
  description: "x",
  type: "object",
  properties: {
    a: { title: "A", type: "string" },
    s: { title: "S", type: "string", writeOnly: true, format: "password" },
  },
  required: ["a"],
  secret_fields: ["s", "deep.*"],
  block_type_slug: "$type",
  block_schema_references: {},
};

const outer = {
  title: "Outer",
  type: "object",
  properties: { inner: { title: "Inner", REF: "#/definitions/Type" } },
  block_type_slug: "$outer",
  block_schema_references: { inner: { block_schema_checksum: "{sum}", block_type_slug: "$type" } },
  definitions: { Type: fields },
  secret_fields: [],
};

/** `$ref` would be taken for the run's prefix. */
function raw(body: object): string {
  return JSON.stringify(body).replaceAll('"REF"', '"\\u0024ref"');
}

/** Names in schemas have the run's prefix: so have their checksums. */
const apart = { members: ["checksum", "block_schema_checksum"], why: BLOCK };

function type(title: string, body: object, keep?: string): Step {
  return { title, method: "POST", path: "/block_types/", body, ...(keep !== undefined && { keep: { [keep]: "id" } }) };
}

function schema(title: string, body: object, keep?: Record<string, string>): Step {
  return { title, method: "POST", path: "/block_schemas/", rawBody: raw(body), ignore: apart, ...(keep && { keep }) };
}

function document(title: string, body: object, keep?: string): Step {
  const more = keep === undefined ? {} : { keep: { [keep]: "id" } };
  return { title, method: "POST", path: "/block_documents/", rawBody: raw(body), ignore: apart, ...more };
}

function get(title: string, path: string): Step {
  return { title, method: "GET", path, ignore: apart };
}

export const blockTypes: Step[] = [
  type(
    "create",
    { name: "$ Type", slug: "$type", logo_url: "https://x.y/z.png", description: "<b>&", code_example: "a<b" },
    "t",
  ),
  type("create a duplicate", { name: "$ Type", slug: "$type" }),
  type("create a reserved one", { name: "Prefect x", slug: "px" }),
  type("create with a bad slug", { name: "$ Other", slug: "Bad Slug" }),
  type("create with a bad name", { name: "$/", slug: "x" }),
  { title: "read", method: "GET", path: "/block_types/{t}" },
  { title: "read by slug", method: "GET", path: "/block_types/slug/$type" },
  { title: "read nothing", method: "GET", path: "/block_types/{uuid:none}" },
  { title: "read nothing by slug", method: "GET", path: "/block_types/slug/$none" },
  {
    title: "list by slug",
    method: "POST",
    path: "/block_types/filter",
    body: { block_types: { slug: { any_: ["$type"] } } },
  },
  {
    title: "list by name",
    method: "POST",
    path: "/block_types/filter",
    body: { block_types: { name: { like_: "$" } } },
  },
  {
    title: "list by schema",
    method: "POST",
    path: "/block_types/filter",
    body: { block_types: { slug: { any_: ["$type"] } }, block_schemas: {} },
  },
  { title: "change", method: "PATCH", path: "/block_types/{t}", body: { description: "new <i>" } },
  { title: "rename", method: "PATCH", path: "/block_types/{t}", body: { name: "x" } },
  { title: "read the changed", method: "GET", path: "/block_types/{t}" },
  { title: "delete", method: "DELETE", path: "/block_types/{t}" },
  { title: "delete again", method: "DELETE", path: "/block_types/{t}" },
  { title: "install the server's own", method: "POST", path: "/block_types/install_system_block_types" },
  {
    title: "read one of them",
    method: "GET",
    path: "/block_types/slug/secret",
    keep: { own: "id" },
    keysOnly: "ours describes it otherwise",
  },
  { title: "delete one of them", method: "DELETE", path: "/block_types/{own}" },
];

export const blockSchemas: Step[] = [
  type("make a type", { name: "$ Type", slug: "$type" }, "t"),
  schema(
    "create",
    { fields, block_type_id: "{t}", capabilities: ["read-path", "write-path"], version: "1.2.3" },
    { s: "id", sum: "checksum" },
  ),
  schema("create again", { fields, block_type_id: "{t}", version: "1.2.3" }),
  schema("create another version", { fields, block_type_id: "{t}", version: "1.2.4" }, { later: "id" }),
  schema("create without anything", { block_type_id: "{t}" }, { bare: "id" }),
  schema("create for no type", { fields, block_type_id: "{uuid:none}" }),
  schema("create for nothing", {}),
  get("read", "/block_schemas/{s}"),
  get("read nothing", "/block_schemas/{uuid:none}"),
  get("read by checksum", "/block_schemas/checksum/{sum}"),
  get("read by checksum and version", "/block_schemas/checksum/{sum}?version=1.2.3"),
  get("read by checksum and no version of it", "/block_schemas/checksum/{sum}?version=9"),
  get("read by no checksum", "/block_schemas/checksum/none"),
  {
    title: "list by type",
    method: "POST",
    path: "/block_schemas/filter",
    body: { block_schemas: { block_type_id: { any_: ["{t}"] } } },
    ignore: apart,
  },
  {
    title: "list by capability and version",
    method: "POST",
    path: "/block_schemas/filter",
    body: {
      block_schemas: {
        block_capabilities: { all_: ["write-path"] },
        version: { any_: ["1.2.3"] },
        block_type_id: { any_: ["{t}"] },
      },
    },
    ignore: apart,
  },
  type("make an outer type", { name: "$ Outer", slug: "$outer" }, "o"),
  schema("create with a block in it", { fields: outer, block_type_id: "{o}", version: "1" }, { os: "id" }),
  get("read the one with a block in it", "/block_schemas/{os}"),
  { title: "delete", method: "DELETE", path: "/block_schemas/{s}" },
  { title: "delete again", method: "DELETE", path: "/block_schemas/{s}" },
  { title: "delete the outer type", method: "DELETE", path: "/block_types/{o}" },
  { title: "delete the type", method: "DELETE", path: "/block_types/{t}" },
  get("read what went with it", "/block_schemas/{later}"),
];

export const blockDocuments: Step[] = [
  type("make a type", { name: "$ Type", slug: "$type" }, "t"),
  schema(
    "make a schema",
    { fields, block_type_id: "{t}", capabilities: ["write-path"], version: "1" },
    { s: "id", sum: "checksum" },
  ),
  schema("make a poorer schema", { fields, block_type_id: "{t}", version: "2" }, { s2: "id" }),
  document(
    "create",
    { name: "$doc", data: { a: "x", s: "secret", deep: { b: "c" } }, block_schema_id: "{s}", block_type_id: "{t}" },
    "d",
  ),
  document("create a duplicate", { name: "$doc", data: {}, block_schema_id: "{s}", block_type_id: "{t}" }),
  document("create with a bad name", { name: "Bad Name", data: {}, block_schema_id: "{s}", block_type_id: "{t}" }),
  document("create without a name", {
    data: {},
    block_schema_id: "{s}",
    block_type_id: "{t}",
    is_anonymous: false,
    name: null,
  }),
  document(
    "create one of no name",
    { data: { s: "q" }, block_schema_id: "{s}", block_type_id: "{t}", is_anonymous: true },
    "anonymous",
  ),
  get("read", "/block_documents/{d}"),
  get("read with secrets", "/block_documents/{d}?include_secrets=true"),
  get("read nothing", "/block_documents/{uuid:none}"),
  get("list of the type", "/block_types/slug/$type/block_documents"),
  get("read by name", "/block_types/slug/$type/block_documents/name/$doc?include_secrets=true"),
  get("read nothing by name", "/block_types/slug/$type/block_documents/name/none"),
  get("list of no type", "/block_types/slug/$none/block_documents"),
  get("read by name of no type", "/block_types/slug/$none/block_documents/name/x"),
  {
    title: "list with secrets",
    method: "POST",
    path: "/block_documents/filter",
    body: { block_types: { slug: { any_: ["$type"] } }, include_secrets: true },
    ignore: apart,
  },
  {
    title: "list the anonymous too",
    method: "POST",
    path: "/block_documents/filter",
    body: { block_documents: { is_anonymous: null, block_type_id: { any_: ["{t}"] } }, sort: "NAME_DESC" },
    ignore: apart,
  },
  {
    title: "count",
    method: "POST",
    path: "/block_documents/count",
    body: { block_types: { slug: { any_: ["$type"] } } },
  },
  { title: "change a part", method: "PATCH", path: "/block_documents/{d}", body: { data: { a: "y" } } },
  get("read the changed part", "/block_documents/{d}?include_secrets=true"),
  {
    title: "send a hidden secret back",
    method: "PATCH",
    path: "/block_documents/{d}",
    body: { data: { s: "********" } },
  },
  get("read the kept secret", "/block_documents/{d}?include_secrets=true"),
  {
    title: "change all",
    method: "PATCH",
    path: "/block_documents/{d}",
    body: { data: { a: "z" }, merge_existing_data: false },
  },
  get("read the changed", "/block_documents/{d}?include_secrets=true"),
  { title: "change more than that", method: "PATCH", path: "/block_documents/{d}", body: { name: "x" } },
  { title: "change nothing that exists", method: "PATCH", path: "/block_documents/{uuid:none}", body: { data: {} } },
  type("make an outer type", { name: "$ Outer", slug: "$outer" }, "o"),
  schema("make an outer schema", { fields: outer, block_type_id: "{o}", version: "1" }, { os: "id" }),
  document(
    "create one with another in it",
    {
      name: "$outer",
      data: { inner: { REF: { block_document_id: "{d}" } } },
      block_schema_id: "{os}",
      block_type_id: "{o}",
    },
    "od",
  ),
  get("read the one with another in it", "/block_documents/{od}"),
  document("create one with nothing in it", {
    name: "$empty",
    data: { inner: { REF: {} } },
    block_schema_id: "{os}",
    block_type_id: "{o}",
  }),
  { title: "read the storage", method: "GET", path: "/admin/storage" },
  {
    title: "set the storage to nothing",
    method: "PUT",
    path: "/admin/storage",
    body: { default_result_storage_block_id: "{uuid:none}" },
  },
  {
    title: "set the storage to null",
    method: "PUT",
    path: "/admin/storage",
    body: { default_result_storage_block_id: null },
  },
  { title: "set the storage", method: "PUT", path: "/admin/storage", body: { default_result_storage_block_id: "{d}" } },
  {
    title: "set the storage to what can't write",
    method: "PUT",
    path: "/admin/storage",
    body: { default_result_storage_block_id: "{od}" },
  },
  { title: "read the set storage", method: "GET", path: "/admin/storage" },
  { title: "migrate", method: "PATCH", path: "/block_documents/{d}", body: { block_schema_id: "{s2}", data: {} } },
  {
    title: "migrate to another type",
    method: "PATCH",
    path: "/block_documents/{d}",
    body: { block_schema_id: "{os}", data: {} },
  },
  get("read the migrated", "/block_documents/{d}"),
  { title: "delete the outer", method: "DELETE", path: "/block_documents/{od}" },
  { title: "delete", method: "DELETE", path: "/block_documents/{d}" },
  { title: "delete again", method: "DELETE", path: "/block_documents/{d}" },
  { title: "read the lost storage", method: "GET", path: "/admin/storage" },
  { title: "clear the storage", method: "DELETE", path: "/admin/storage" },
  { title: "delete the outer type", method: "DELETE", path: "/block_types/{o}" },
  { title: "delete the type", method: "DELETE", path: "/block_types/{t}" },
  get("read what went with it", "/block_documents/{anonymous}"),
];
