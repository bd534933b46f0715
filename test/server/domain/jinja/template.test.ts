import fc from "fast-check";
import { expect, it } from "vitest";
import { renderTemplate, validateTemplate } from "../../../../server/domain/jinja/template.ts";
import { TemplateError } from "../../../../server/domain/jinja/template-error.ts";

/** Which templates are good, and what is said of others, is compared with Prefect in test/conformance. */

it.each([
  ["", ""],
  ["text {# and #} braces }\n", "text {# and #} braces }\n"],
  ["{{ name }}{{ a.b['c'].d }}|\r\n{{ none }}\n", "|\nNone"],
  ["{{ 'a\\n\\x41\\u00e9\\101\\'' }}", "a\nAéA'"],
  ["{{ \"a\" 'b' ~ 0x10 ~ 1_000 ~ c ~ False }}", "ab161000False"],
  ["a {#- c -#} b {{- 'c' -}} d", "abcd"],
  ["{% raw -%} {{ x }} {%- endraw %}", "{{ x }}"],
])("%j gives %j", (template, text) => {
  expect(renderTemplate(template)).toBe(text);
});

it.each([
  "{{ 1 + 1 }}",
  "{{ 1.5 }}",
  "{{ a | upper }}",
  "{{ a() }}",
  "{{ range(3) }}",
  "{% if a %}{% endif %}",
  "{{ 'x'[0] }}",
])("%j is refused rather than rendered in another way than Prefect does", (template) => {
  expect(validateTemplate(template)).toBeUndefined();
  expect(() => renderTemplate(template)).toThrow("this server renders no more than plain text, literals and names");
});

it("a template is good or has a problem with a line of it, whatever it is made of", () => {
  const pieces = [
    ..."{}%#-+ \n\\'\"()[]|.,:~=!é",
    "{{",
    "}}",
    "{%",
    "%}",
    "for a in b",
    "endfor",
    "if",
    "set x",
    "1e",
    "raw",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const template = parts.join(" ");
      const problem = validateTemplate(template);
      if (problem === undefined) return;
      expect(problem).toBeInstanceOf(TemplateError);
      expect(problem.line).toBeLessThanOrEqual(template.split("\n").length);
    }),
    { numRuns: 2000 },
  );
});

const N = 300_000;

it.each([
  ["spaces", `${" ".repeat(N)}x{{- a }}`, undefined],
  ["escapes in a text", `{{ '${"\\n".repeat(N)}' }}`, undefined],
  ["a text that does not end", `{{ '${"\\n".repeat(N)}`, `unexpected char "'" at 3`],
  ["digits", `{{ ${"1_".repeat(N)}1 }}`, undefined],
  ["digits of a float", `{{ 1.${"1".repeat(3 * N)}e${"1_".repeat(N / 10)}1 }}`, undefined],
  ["tags", "\n{{ a }}{# b #}{% if c %}{% endif %}".repeat(N / 20), undefined],
  ["beginnings of tags", "{%".repeat(N), "tag name expected"],
  ["ends that are none", `{% raw %}${"{%  endra ".repeat(N / 10)}`, "Missing end of raw directive"],
  ["parentheses", `{{ ${"(".repeat(N)}`, "the template is nested too deeply"],
  ["nots", `{{ ${"not ".repeat(N / 4)}`, "the template is nested too deeply"],
  ["signs", `{{ ${"-".repeat(N)}`, "the template is nested too deeply"],
  ["conditions", `{{ ${"a if b else ".repeat(N / 12)}`, "the template is nested too deeply"],
  ["blocks", "{% if a %}".repeat(N / 10), "the template is nested too deeply"],
  ["letters", "a".repeat(1_000_001), "Templates can be no longer than 1000000 characters."],
])("a great many %s are looked through once", (_, template, message) => {
  expect(validateTemplate(template)?.message).toBe(message);
});
