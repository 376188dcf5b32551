import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/**
 * A zod schema as JSON Schema: of what comes in, or of what goes out. Schemas with an `id` are put into `shared` and
 * referred to.
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', shared: Record<string, JsonSchema>) {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'default') jsonSchema.default = zodSchema._zod.def.defaultValue
      // Parameters are texts to us and numbers to whoever writes a client: `.meta({ type: 'integer' })` says so.
      if (jsonSchema.type === 'integer') delete jsonSchema.pattern
    },
  })
  const { $defs = {}, ...own } = JSON.parse(
    JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as JsonSchema & { $defs?: Record<string, JsonSchema> }
  Object.assign(shared, $defs)
  return own
}
