import type { ListValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { setKey } from "../../../schema/json.ts";
import type { Wire, WireObject } from "../wire.ts";

/** Protobuf's Struct as plain JavaScript and back. google-protobuf has functions for this, but they assign keys (`__proto__`
 *  would change a prototype) and take objects with certain keys for arrays or functions. */

/** An absent Struct stays absent. */
export function fromStruct(struct: Struct | undefined): WireObject | undefined {
  if (struct === undefined) return undefined;
  const fields: WireObject = {};
  struct.getFieldsMap().forEach((value, key) => {
    setKey(fields, key, fromValue(value));
  });
  return fields;
}

function fromValue(value: Value): Wire {
  const kinds = structs.Value.KindCase;
  switch (value.getKindCase()) {
    case kinds.NUMBER_VALUE:
      return value.getNumberValue();
    case kinds.STRING_VALUE:
      return value.getStringValue();
    case kinds.BOOL_VALUE:
      return value.getBoolValue();
    case kinds.STRUCT_VALUE:
      return fromStruct(value.getStructValue());
    case kinds.LIST_VALUE:
      return (value.getListValue() as ListValue).getValuesList().map(fromValue);
    default:
      return null;
  }
}

/** Takes what wire.ts encodes: JSON. */
export function toStruct(fields: WireObject): Struct {
  const struct = new structs.Struct();
  const map = struct.getFieldsMap();
  for (const [key, value] of Object.entries(fields)) map.set(key, toValue(value));
  return struct;
}

function toValue(value: Wire): Value {
  const made = new structs.Value();
  if (typeof value === "number") made.setNumberValue(value);
  else if (typeof value === "string") made.setStringValue(value);
  else if (typeof value === "boolean") made.setBoolValue(value);
  else if (Array.isArray(value)) made.setListValue(new structs.ListValue().setValuesList(value.map(toValue)));
  else if (typeof value === "object" && value !== null) made.setStructValue(toStruct(value as WireObject));
  else made.setNullValue(structs.NullValue.NULL_VALUE);
  return made;
}
