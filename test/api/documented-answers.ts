import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyRequest } from 'fastify'
import type { Api } from '../../services/api/zod-provider.ts'

interface Documented {
  paths: Record<
    string,
    Record<
      string,
      { responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }> }
    >
  >
}

/** Notes every JSON answer of the app, from here on, that is not as /openapi.json says. */
export function noteUndocumented(app: Api): string[] {
  const wrong: string[] = []
  const compiled = new Map<string, ValidateFunction>()
  let document: Promise<Documented> | undefined
  const ajv = new Ajv2020({ strict: false, validateFormats: false })

  const validatorOf = async (url: string, method: string, status: number) => {
    document ??= app.inject('/openapi.json').then((response) => {
      ajv.addSchema(response.json(), 'document')
      return response.json()
    })
    const path = url.replace(/:(\w+)/g, '{$1}')
    const operation = (await document).paths[path]?.[method]
    if (operation === undefined) return undefined
    const schema = operation.responses[status]?.content?.['application/json']?.schema
    const pointer = schema
      ? `paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses/${status}/content/application~1json/schema`
      : 'components/schemas/Failure'
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `document#/${encodeURI(pointer)}` })
    compiled.set(pointer, known)
    return status in operation.responses ? known : undefined
  }

  app.addHook('preSerialization', async (request: FastifyRequest, reply, payload) => {
    const { url = '', method } = request.routeOptions
    const validate = await validatorOf(url, String(method).toLowerCase(), reply.statusCode)
    if (validate && !validate(JSON.parse(JSON.stringify(payload))))
      wrong.push(`${method} ${url} ${reply.statusCode}: ${ajv.errorsText(validate.errors)}`)
    return payload
  })
  return wrong
}
