// node --import @telltale/instrumentation/register app.js
import { createRequire } from 'node:module'
import { diag, ProxyTracerProvider, trace } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { ApiErrorInstrumentation } from './instrumentation.ts'

type NodeSdk = typeof import('@opentelemetry/sdk-node')

const instrumentation = new ApiErrorInstrumentation()

// At once and not awaited, so that it works from CommonJS too.
if (isSdkRunning()) registerInstrumentations({ instrumentations: [instrumentation] })
else startSdk()

function isSdkRunning(): boolean {
  const provider = trace.getTracerProvider()
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegate().constructor.name !== 'NoopTracerProvider'
  )
}

/** Reads everything from OTEL_*, as the SDK does. */
function startSdk(): void {
  let NodeSDK: NodeSdk['NodeSDK']
  try {
    ;({ NodeSDK } = createRequire(import.meta.url)('@opentelemetry/sdk-node') as NodeSdk)
  } catch {
    diag.warn(
      '@telltale/instrumentation/register: npm install @opentelemetry/sdk-node, which sends the spans',
    )
    return
  }
  const sdk = new NodeSDK({ instrumentations: [instrumentation] })
  sdk.start()
}
