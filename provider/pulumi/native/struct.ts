import type { ListValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { setKey } from "../../../schema/json.ts";
import type { PropertyMap, PropertyValue } from "../codec.ts";

/** Converts between Protobuf's Struct and plain JavaScript. The functions of google-protobuf assign keys (`__proto__` would change a
 *  prototype) and take objects with certain keys for arrays or functions. */

/** An absent Struct stays absent. */
export function fromStruct(struct: Struct | undefined): PropertyMap | undefined {
  if (struct === undefined) return undefined;
  const fields: PropertyMap = {};
  struct.getFieldsMap().forEach((value, key) => {
    setKey(fields, key, fromValue(value));
  });
  return fields;
}

function fromValue(value: Value): PropertyValue {
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

/** Takes encoded properties (codec.ts): JSON. */
export function toStruct(fields: PropertyMap): Struct {
  const struct = new structs.Struct();
  const map = struct.getFieldsMap();
  for (const [key, value] of Object.entries(fields)) map.set(key, toValue(value));
  return struct;
}

function toValue(value: PropertyValue): Value {
  const message = new structs.Value();
  if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "string") message.setStringValue(value);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (Array.isArray(value)) message.setListValue(new structs.ListValue().setValuesList(value.map(toValue)));
  else if (typeof value === "object" && value !== null) message.setStructValue(toStruct(value as PropertyMap));
  else message.setNullValue(structs.NullValue.NULL_VALUE);
  return message;
}
