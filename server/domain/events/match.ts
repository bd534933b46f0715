import type {
  AnyResourceFilter,
  EventFilter,
  EventNameFilter,
  LabelSpecification,
  RelatedResourceFilter,
} from "../../store/filters/events.ts";
import { globTest } from "../../store/sql/glob.ts";
import { toJson } from "../../values/json.ts";
import { textMatches } from "../text-search.ts";
import { type Event, type Labels, resourceId } from "./event.ts";

/** Whether an event matches a filter: the same as the SQL condition in store/filters/events.ts. */
export function eventMatches(filter: EventFilter, event: Event): boolean {
  const { since, until } = filter.occurred;
  if (event.occurred < since || event.occurred > until) return false;
  if (filter.event != null && !nameMatches(filter.event, event.event)) return false;
  if (filter.resource != null && !resourceMatches(filter.resource, event.resource)) return false;
  if (!listOf(filter.related).every((one) => relatedMatches(one, event.related))) return false;
  const all = [event.resource, ...event.related];
  if (!listOf(filter.any_resource).every((one) => all.some((resource) => resourceMatches(one, resource)))) return false;
  if (some(filter.id?.id) && !filter.id.id.includes(event.id)) return false;
  return filter.text == null || textMatches(filter.text, searchable(event));
}

function nameMatches(filter: EventNameFilter, name: string): boolean {
  const starts = (prefix: string) => name.startsWith(prefix);
  if (some(filter.prefix) && !filter.prefix.some(starts)) return false;
  if (some(filter.exclude_prefix) && filter.exclude_prefix.some(starts)) return false;
  if (some(filter.name) && !filter.name.includes(name)) return false;
  return !(some(filter.exclude_name) && filter.exclude_name.includes(name));
}

function resourceMatches({ id, id_prefix, labels }: AnyResourceFilter, resource: Labels): boolean {
  const own = resourceId(resource);
  if (some(id) && !id.includes(own)) return false;
  if (some(id_prefix) && !id_prefix.some((prefix) => own.startsWith(prefix))) return false;
  return labels == null || labelsMatch(labels, resource);
}

function relatedMatches(filter: RelatedResourceFilter, related: readonly Labels[]): boolean {
  const { id, role, resources_in_roles, labels } = filter;
  if (!some(id) && !some(role) && !some(resources_in_roles) && labels == null) return true;
  return related.some((resource) => {
    const ownId = resourceId(resource);
    const ownRole = resource["prefect.resource.role"] ?? "";
    if (some(id) && !id.includes(ownId)) return false;
    if (some(role) && !role.includes(ownRole)) return false;
    if (some(resources_in_roles) && !resources_in_roles.some(([i, r]) => i === ownId && r === ownRole)) return false;
    return labels == null || labelsMatch(labels, resource);
  });
}

/** Compiled patterns: the same ones are tested for every event. */
const patterns = new Map<string, (text: string) => boolean>();
const MAX_PATTERN_LENGTHS = 1000;

function labelsMatch(labels: LabelSpecification, resource: Labels): boolean {
  return Object.entries(labels).every(([label, expected]) => {
    const value = Object.hasOwn(resource, label) ? resource[label] : undefined;
    if (value === undefined) return false;
    const alternatives = typeof expected === "string" ? [expected] : expected;
    return alternatives.some((pattern) =>
      pattern.startsWith("!") ? !compiled(pattern.slice(1))(value) : compiled(pattern)(value),
    );
  });
}

function compiled(pattern: string): (text: string) => boolean {
  let test = patterns.get(pattern);
  if (test === undefined) {
    test = globTest(pattern);
    if (patterns.size >= MAX_PATTERN_LENGTHS) patterns.clear();
    patterns.set(pattern, test);
  }
  return test;
}

function searchable({ event, resource, related, payload }: Event): string {
  return [event, ...[resource, related, payload].map((part) => toJson(part))].join("\n");
}

function some<T>(list: readonly T[] | null | undefined): list is readonly T[] {
  return list != null && list.length > 0;
}

function listOf<T extends object>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (value == null) return [];
  return Array.isArray(value) ? value : [value as T];
}
