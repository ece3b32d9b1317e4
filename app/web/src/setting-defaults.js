// The defaults that a schema prescribes, filled in. JupyterLab lets ajv do it, which writes and compiles
// a program for each of 60 schemas at every start: 0.2-0.3 s. Where the learner has set nothing there is
// nothing to check, so this is all that is needed then.

/** `value` with what `schema` says for missing properties, as ajv does with useDefaults: true. (build/patches.cjs imports it.) */
export function withDefaults(value, schema, root = schema) {
  const target = schema.$ref ? resolve(schema.$ref, root) : schema;
  if (target && isObject(value)) {
    for (const [name, part] of Object.entries(target.properties ?? {})) {
      if (value[name] === undefined && part.default !== undefined)
        value[name] = structuredClone(part.default);
      if (value[name] !== undefined) withDefaults(value[name], part, root);
    }
  } else if (target && Array.isArray(value) && isObject(target.items)) {
    for (const item of value) withDefaults(item, target.items, root);
  }
  return value;
}

/** "#/definitions/shortcut" within the schema. */
function resolve(reference, root) {
  return reference
    .replace(/^#\//, "")
    .split("/")
    .reduce((place, name) => place?.[name], root);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
