import type { FieldValues, ResourceContract } from "../../../schema/define.ts";
import type { JsonObject } from "../../../schema/json.ts";
import type { Lifecycle, RemoteObject, Scope } from "../../engine/lifecycle.ts";
import { addressOf, pick } from "../../engine/state.ts";
import { type Answer, answerOf, toApi } from "./api-names.ts";
import { importTarget } from "./import-id.ts";

/** Where the API has the objects of a kind. Every path is made with `path`, which escapes names. */
export interface RestRoutes<Contract extends ResourceContract> {
  /** Creates an object (POST). */
  collection(values: FieldValues<Contract>): string;
  /** Reads an object by its natural key (GET). */
  byKey(key: FieldValues<Contract>): string;
  /** Reads an object by its UUID: a path to GET, or a filter for APIs without such a route. */
  byUuid: ((uuid: string) => string) | { path: string; filter: (uuid: string) => JsonObject };
  /** Changes and deletes an object (PATCH, DELETE), by UUID where the API has such a route: a name may be another object's by then.
   *  Default: `byKey`. */
  write?(object: RemoteObject<Contract>): string;
  /** Fields that stand in the path of a create, and so not in its body. */
  inPath?: readonly (keyof Contract["fields"] & string)[];
}

/** The lifecycle of a plain REST object: read, create, update and delete are one request each. `special` adds and replaces members
 *  where the kind differs. */
export function restLifecycle<Contract extends ResourceContract>(
  contract: Contract,
  routes: RestRoutes<Contract>,
  special: Partial<Omit<Lifecycle<Contract>, "contract">> = {},
): Lifecycle<Contract> {
  const { inPath = [], byUuid, write = (object) => routes.byKey(object.live) } = routes;
  /** What an answer may leave out, for the request said it. */
  const inPathOf = (values: JsonObject = {}) => pick(values, inPath);
  const plain: Lifecycle<Contract> = {
    contract,
    writesByName: routes.write === undefined,

    async read({ api, call }, { uuid, key }) {
      if (key !== undefined && (uuid === undefined || !idIsUuid(contract))) {
        const answer = await api.get(
          routes.byKey(key as FieldValues<Contract>),
          answerOf(contract, inPathOf(key)),
          call,
        );
        return answer && remoteObject(contract, answer);
      }
      if (uuid === undefined) return undefined;
      if (typeof byUuid !== "function") {
        const filter = { ...byUuid.filter(uuid), limit: 1 };
        const [answer] = await api.page(byUuid.path, filter, answerOf(contract), call);
        return answer && remoteObject(contract, answer);
      }
      const answer = await api.get(byUuid(uuid), answerOf(contract, inPathOf(key)), call);
      return answer && remoteObject(contract, answer);
    },

    async create({ api, call }, values) {
      // Throws for a name that no path can address: what could not be read again must not be made.
      routes.byKey(values);
      const body = toApi(contract, values, inPath);
      const { value } = await api.create(routes.collection(values), body, answerOf(contract, inPathOf(values)), call);
      return remoteObject(contract, value);
    },

    async update({ api, call }, object, send) {
      await api.update(write(object), toApi(contract, send, inPath), call);
      return undefined;
    },

    async remove({ api, call }, object) {
      await api.remove(write(object), call);
    },

    importTarget: (id) => importTarget(contract, id, { uuid: true }),
  };
  return { ...plain, ...special };
}

/** Every object that a filter route finds. `undefined`: what the path names is not there. */
export async function listObjects<Contract extends ResourceContract>(
  { api, call }: Scope,
  contract: Contract,
  path: string,
  { filter = {}, known = {} }: { filter?: JsonObject; known?: JsonObject } = {},
): Promise<RemoteObject<Contract>[] | undefined> {
  const answers = await api.list(path, filter, answerOf(contract, known), call);
  return answers?.map((answer) => remoteObject(contract, answer));
}

export function remoteObject<Contract extends ResourceContract>(
  contract: Contract,
  { id: uuid, live, outputs, answer }: Answer<Contract>,
): RemoteObject<Contract> {
  return { id: idIsUuid(contract) ? uuid : addressOf(contract, live), uuid, live, outputs, answer };
}

/** Hosts keep an id for the whole life of an object: its natural key, unless that can change in place. */
function idIsUuid(contract: ResourceContract): boolean {
  return contract.naturalKey.some((name) => contract.fields[name]?.onChange === "update");
}
