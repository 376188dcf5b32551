import { Counter, Histogram, type Registry } from 'prom-client'
import type { Answered } from '../api/answered.ts'

const ANSWER_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 20]

/** How the API answers. Labels are routes and codes of ours, never what a client made up. */
export function apiMetrics(registry: Registry): (answered: Answered) => void {
  const seconds = new Histogram({
    name: 'telltale_api_request_seconds',
    help: 'answers of the API by route; route "none": there is nothing at that address, or no HTTP',
    labelNames: ['route'],
    buckets: ANSWER_SECONDS,
    registers: [registry],
  })
  const requests = new Counter({
    name: 'telltale_api_requests_total',
    help: 'requests to the API by route and status; status "aborted": the client did not wait for the answer',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'telltale_api_errors_total',
    help: 'failures of the API by the code they were answered with',
    labelNames: ['code'],
    registers: [registry],
  })
  return ({ route, status, seconds: took, code }) => {
    seconds.observe({ route: route ?? 'none' }, took)
    requests.inc({ route: route ?? 'none', status: status ?? 'aborted' })
    if (code !== null) errors.inc({ code })
  }
}
