// node --import ./sdk.mjs app.mjs: an SDK of your own, with the hook as one of its instrumentations.
import { NodeSDK } from '@opentelemetry/sdk-node'
import { ApiErrorInstrumentation } from '@telltale/instrumentation'

const sdk = new NodeSDK({
  instrumentations: [
    new ApiErrorInstrumentation({
      providers: { shop: { hosts: ['127.0.0.1'] } },
    }),
  ],
})
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
