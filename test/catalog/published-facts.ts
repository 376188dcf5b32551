// What publishers say of their own errors: publisher | code | status (- where there is none) | their words | may the same
// request be sent again (after waiting or signing in anew)? Written from their public documentation and SDKs, before
// the policy was tuned on any of it. Every second line is held: nobody looks at single held lines while tuning.

const TABLE = `
aws-dynamodb | ProvisionedThroughputExceededException | 400 | You exceeded your maximum allowed provisioned throughput for a table. | yes
aws-dynamodb | ConditionalCheckFailedException | 400 | You specified a condition that evaluated to false. | no
aws-dynamodb | ThrottlingException | 400 | Rate of requests exceeds the allowed throughput. | yes
aws-dynamodb | RequestLimitExceeded | 400 | Throughput exceeds the current throughput limit for your account. | yes
aws-dynamodb | ResourceInUseException | 400 | The resource which you are attempting to change is in use. | no
aws-dynamodb | ValidationException | 400 | One or more parameter values were invalid. | no
aws-dynamodb | TransactionInProgressException | 400 | The transaction with the given request token is already in progress. | yes
aws-dynamodb | IdempotentParameterMismatchException | 400 | Request rejected because it was retried with a different payload but with a request token that was already used. | no
aws-dynamodb | IncompleteSignatureException | 400 | The request signature did not include all of the required components. | no
aws-dynamodb | MissingAuthenticationTokenException | 400 | The request did not include the required authorization header, or it was malformed. | no
aws-dynamodb | LimitExceededException | 400 | There are too many concurrent control plane operations. | yes
aws-dynamodb | InternalServerError | 500 | DynamoDB could not process your request. | yes
aws-s3 | SlowDown | 503 | Reduce your request rate. | yes
aws-s3 | OperationAborted | 409 | A conflicting conditional operation is currently in progress against this resource. Try again. | yes
aws-s3 | RequestTimeout | 400 | Your socket connection to the server was not read from or written to within the timeout period. | yes
aws-s3 | BucketAlreadyExists | 409 | The requested bucket name is not available. | no
aws-s3 | RequestTimeTooSkewed | 403 | The difference between the request time and the server's time is too large. | no
aws-s3 | NoSuchKey | 404 | The specified key does not exist. | no
aws-s3 | EntityTooLarge | 400 | Your proposed upload exceeds the maximum allowed object size. | no
aws-s3 | InternalError | 500 | An internal error occurred. Try again. | yes
aws-s3 | InvalidObjectState | 403 | The operation is not valid for the current state of the object. | no
aws-s3 | SignatureDoesNotMatch | 403 | The request signature that the server calculated does not match the signature that you provided. | no
aws-ec2 | InsufficientInstanceCapacity | 500 | There is not enough capacity to fulfill your request. Wait a few minutes and then submit your request again. | yes
aws-ec2 | InstanceLimitExceeded | 400 | You've reached the limit on the number of instances you can run concurrently. | no
aws-ec2 | DependencyViolation | 400 | The specified object has dependent resources. | no
aws-ec2 | Unavailable | 503 | The server is overloaded and can't handle the request. | yes
aws-lambda | TooManyRequestsException | 429 | The request throughput limit was exceeded. | yes
aws-lambda | EC2ThrottledException | 502 | Amazon EC2 throttled Lambda during Lambda function initialization. | yes
aws-lambda | RequestTooLargeException | 413 | The request payload exceeded the Invoke request body JSON input quota. | no
aws-kinesis | ExpiredIteratorException | 400 | The provided iterator exceeds the maximum age allowed. | no
aws-kinesis | KMSThrottlingException | 400 | The request was denied due to request throttling. | yes
aws-sdk | PriorRequestNotComplete | 400 | The request was rejected because a prior request to change the same object was still in progress. | yes
aws-sdk | BandwidthLimitExceeded | 400 | The bandwidth limit was exceeded. | yes
aws-sdk | AccessDeniedException | 403 | You do not have sufficient access to perform this action. | no
google | UNAVAILABLE | 503 | The service is currently unavailable. This is most likely a transient condition. | yes
google | FAILED_PRECONDITION | 400 | The operation was rejected because the system is not in a state required for its execution. | no
google | ABORTED | 409 | The operation was aborted, typically due to a concurrency issue such as a sequencer check failure or transaction abort. | yes
google | ALREADY_EXISTS | 409 | The entity that a client attempted to create already exists. | no
google | DATA_LOSS | 500 | Unrecoverable data loss or corruption. | no
google | OUT_OF_RANGE | 400 | The operation was attempted past the valid range. | no
google | UNIMPLEMENTED | 501 | The operation is not implemented or is not supported in this service. | no
google | PERMISSION_DENIED | 403 | The caller does not have permission to execute the specified operation. | no
google-drive | userRateLimitExceeded | 403 | User rate limit exceeded. | yes
google-drive | dailyLimitExceeded | 403 | The API limit for your project has been reached. | no
google-drive | sharingRateLimitExceeded | 403 | The user has reached a sharing limit. | no
google-drive | backendError | 500 | An unexpected error occurs while processing the request. | yes
google-drive | authError | 401 | The access token you are using is either expired or invalid. Refresh the access token using the long-lived refresh token. | yes
google-drive | storageQuotaExceeded | 403 | The user's Drive storage quota has been exceeded. | no
google-drive | appNotAuthorizedToFile | 403 | The user has not granted your app access to the file. | no
google-drive | rateLimitExceeded | 429 | Too many requests have been sent in a given amount of time. | yes
google-youtube | quotaExceeded | 403 | The request cannot be completed because you have exceeded your quota. | no
google-bigquery | jobRateLimitExceeded | 400 | Your project exceeded a short-term rate limit. | yes
google-bigquery | jobBackendError | 400 | The job was created successfully, but failed with an internal error. | yes
google-bigquery | billingNotEnabled | 403 | Billing isn't enabled for the project. | no
google-bigquery | tableUnavailable | 400 | Certain tables are backed by data managed by other product teams. This error indicates that one of these tables is unavailable. | yes
google-bigquery | resourcesExceeded | 400 | Your query uses too many resources. | no
google-bigquery | invalidQuery | 400 | You attempted to run an invalid query. | no
google-bigquery | responseTooLarge | 403 | Your query's results are larger than the maximum response size. | no
google-bigquery | backendError | 503 | The service is currently unavailable. | yes
google-bigquery | duplicate | 409 | You tried to create a job, dataset, or table that already exists. | no
google-storage | conditionNotMet | 412 | The pre-condition specified in the request did not hold. | no
google-storage | internalError | 500 | We encountered an internal error. Please try again. | yes
stripe | lock_timeout | 429 | This object cannot be accessed right now because another API request or Stripe process is currently accessing it. | yes
stripe | idempotency_key_in_use | 409 | The idempotency key provided is currently being used in another request. This occurs if your integration is making duplicate requests simultaneously. | yes
stripe | rate_limit | 429 | Too many requests hit the API too quickly. | yes
stripe | card_declined | 402 | The card has been declined. | no
stripe | expired_card | 402 | The card has expired. Check the expiration date or use a different card. | no
stripe | processing_error | 402 | An error occurred while processing the card. Try again later or with a different payment method. | yes
stripe | idempotency_error | 400 | An Idempotency-Key is re-used on a request that does not match the first request's API endpoint and parameters. | no
stripe | api_error | 500 | API errors cover any other type of problem, for example a temporary problem with our servers. | yes
stripe | charge_already_refunded | 400 | The charge that you're attempting to refund has already been refunded. | no
stripe | balance_insufficient | 400 | The transfer or payout could not be completed because the associated account does not have a sufficient balance available. | no
stripe | payment_intent_unexpected_state | 400 | The PaymentIntent's state was incompatible with the operation you were trying to perform. | no
stripe | api_key_expired | 401 | The API key provided has expired. Obtain your current API keys from the Dashboard. | no
stripe-decline | try_again_later | 402 | The card was declined for an unknown reason. | yes
stripe-decline | do_not_try_again | 402 | The card was declined for an unknown reason. | no
stripe-decline | issuer_not_available | 402 | The card issuer couldn't be reached, so the payment couldn't be authorized. | yes
stripe-decline | insufficient_funds | 402 | The card has insufficient funds to complete the purchase. | no
stripe-decline | authentication_required | 402 | The card was declined because the transaction requires authentication. | no
stripe-decline | lost_card | 402 | The payment was declined because the card is reported lost. | no
azure-storage | ServerBusy | 503 | The server is currently unable to receive requests. Please retry your request. | yes
azure-storage | ContainerBeingDeleted | 409 | The specified container is being deleted. Try operation later. | yes
azure-storage | OperationTimedOut | 500 | The operation could not be completed within the permitted time. | yes
azure-storage | LeaseAlreadyPresent | 409 | There is already a lease present. | no
azure-storage | ConditionNotMet | 412 | The condition specified in the conditional headers was not met for a write operation. | no
azure-storage | AuthenticationFailed | 403 | Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly including the signature. | no
azure-storage | QueueBeingDeleted | 409 | The specified queue is being deleted. | yes
azure-storage | AccountIsDisabled | 403 | The specified account is disabled. | no
azure-storage | InvalidHeaderValue | 400 | The value provided for one of the HTTP headers was not in the correct format. | no
azure-storage | BlobAlreadyExists | 409 | The specified blob already exists. | no
azure-arm | AnotherOperationInProgress | 409 | Another operation is in progress on this resource or a dependent resource. | yes
azure-arm | AllocationFailed | 409 | The cluster or region doesn't have enough resources available. Retry the request later or try a different size or zone. | yes
azure-arm | SkuNotAvailable | 409 | The requested size is currently not available in this location. Select a different SKU. | no
azure-arm | QuotaExceeded | 409 | The operation results in exceeding quota limits of core. Request an increase. | no
azure-arm | AuthorizationFailed | 403 | The client does not have authorization to perform the action over the scope. | no
azure-arm | RetryableError | 429 | A retryable error occurred. | yes
azure-cosmos | RequestRateTooLarge | 429 | The request rate is too large. | yes
azure-cosmos | RetryWith | 449 | The operation encountered a transient error. It is safe to retry the operation. | yes
ms-graph | activityLimitReached | 429 | The app or user has been throttled. | yes
ms-graph | ApplicationThrottled | 429 | Application is over its MailboxConcurrency limit. | yes
ms-graph | quotaLimitReached | 507 | The user has reached their quota limit. | no
ms-graph | serviceNotAvailable | 503 | The service is not available. Try the request again after a delay. | yes
ms-graph | malwareDetected | 403 | Malware was detected in the requested resource. | no
ms-graph | nameAlreadyExists | 409 | The specified item name already exists. | no
ms-graph | InvalidAuthenticationToken | 401 | Access token has expired or is not yet valid. | yes
ms-graph | resyncRequired | 410 | The delta token is no longer valid, and the app must reset the sync state. | no
twilio | 20429 | 429 | Too many requests. | yes
twilio | 20003 | 401 | Authentication error: invalid username. | no
twilio | 21610 | 400 | Attempt to send to unsubscribed recipient. | no
twilio | 20503 | 503 | Service unavailable. | yes
twilio | 21211 | 400 | Invalid 'To' phone number. | no
twilio | 30001 | - | You tried to send too many messages too quickly and your message queue overflowed. Try sending your message again after waiting for some time. | yes
twilio | 20005 | 401 | Account not active. | no
twilio | 21408 | 400 | Permission to send an SMS has not been enabled for the region. | no
slack | ratelimited | 429 | The request has been ratelimited. Refer to the Retry-After header for when to retry the request. | yes
slack | request_timeout | 200 | The method was called via a POST request, but the POST data was either missing or truncated. | no
slack | service_unavailable | 200 | The service is temporarily unavailable. | yes
slack | internal_error | 200 | The server could not complete your operation without encountering an error, likely due to a transient issue on our end. | yes
slack | team_added_to_org | 200 | The workspace associated with your request is currently undergoing migration to an Enterprise Organization. Web API and other platform operations will be intermittently unavailable until the transition is complete. | yes
slack | is_archived | 200 | Channel has been archived. | no
slack | token_revoked | 200 | Authentication token is for a deleted user or workspace. | no
slack | missing_scope | 200 | The token used is not granted the specific scope permissions required to complete this request. | no
slack | already_reacted | 200 | The specified item already has the user/reaction combination. | no
slack | msg_too_long | 200 | Message text is too long. | no
openai | rate_limit_exceeded | 429 | Rate limit reached for requests. Pace your requests. | yes
openai | insufficient_quota | 429 | You exceeded your current quota, please check your plan and billing details. | no
openai | invalid_api_key | 401 | Incorrect API key provided. | no
openai | server_error | 500 | The server had an error while processing your request. Retry your request after a brief wait. | yes
openai | engine_overloaded | 503 | The engine is currently overloaded, please try again later. | yes
openai | context_length_exceeded | 400 | This model's maximum context length is 4097 tokens. | no
openai | unsupported_country_region_territory | 403 | You are accessing the API from an unsupported country, region, or territory. | no
openai | billing_hard_limit_reached | 400 | Billing hard limit has been reached. | no
anthropic | overloaded_error | 529 | The API is temporarily overloaded. | yes
anthropic | request_too_large | 413 | Request exceeds the maximum allowed number of bytes. | no
anthropic | timeout_error | 504 | The request timed out while processing. | yes
anthropic | permission_error | 403 | Your API key does not have permission to use the specified resource. | no
shopify | THROTTLED | 200 | The client has exceeded the rate limit. | yes
shopify | MAX_COST_EXCEEDED | 200 | The query cost exceeds the maximum that is allowed for a single query. | no
shopify | INTERNAL_SERVER_ERROR | 500 | An internal error occurred. | yes
shopify | SHOP_INACTIVE | 423 | The shop is not active. | no
dropbox | too_many_write_operations | 429 | There are currently too many write operations happening in the user's Dropbox, so that a lock could not be obtained. | yes
dropbox | expired_access_token | 401 | The access token has expired. | yes
dropbox | insufficient_space | 409 | The user does not have enough available space to write more data. | no
dropbox | invalid_access_token | 401 | The access token is invalid. | no
dropbox | user_suspended | 401 | The user account has been suspended. | no
dropbox | disallowed_name | 409 | Dropbox will not save the file or folder because of its name. | no
paypal | PREVIOUS_REQUEST_IN_PROGRESS | 409 | A previous request on this resource is currently in progress. Please wait for some time and try again. | yes
paypal | INSTRUMENT_DECLINED | 422 | The instrument presented was either declined by the processor or bank, or it can't be used for this payment. | no
paypal | ORDER_ALREADY_CAPTURED | 422 | Order already captured. If intent is capture only one capture per order is allowed. | no
paypal | RATE_LIMIT_REACHED | 429 | Too many requests. Blocked due to rate limiting. | yes
paypal | MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED | 422 | You have exceeded the maximum number of payment attempts. | no
paypal | DUPLICATE_INVOICE_ID | 422 | Duplicate invoice ID detected. To avoid a potential duplicate transaction your account setting requires that invoice ID be unique for each transaction. | no
paypal | SERVICE_UNAVAILABLE | 503 | The server cannot handle the request for a service due to temporary maintenance. | yes
paypal | PAYER_ACTION_REQUIRED | 422 | The request cannot be processed because the payer must take an action. | no
github | RATE_LIMITED | 200 | API rate limit exceeded. | yes
github | already_exists | 422 | Another resource has the same value as this field. | no
github | missing_field | 422 | A required field on a resource has not been set. | no
github | secondary_rate_limit | 403 | You have exceeded a secondary rate limit. Please wait a few minutes before you try again. | yes
notion | conflict_error | 409 | The transaction could not be completed, potentially due to a data collision. Make sure the parameters are up to date and try again. | yes
notion | database_connection_unavailable | 503 | Our database is unavailable or is not currently in a state that can be queried. Please try again later. | yes
notion | restricted_resource | 403 | The client doesn't have permission to perform this operation. | no
notion | validation_error | 400 | The request body does not match the schema for the expected parameters. | no
plaid | INSTITUTION_DOWN | 400 | This institution is not currently responding to this request. Please try again soon. | yes
plaid | ITEM_LOGIN_REQUIRED | 400 | The login details of this item have changed and a user login is required to update this information. | no
plaid | PRODUCT_NOT_READY | 400 | The requested product is not yet ready. Please provide a webhook or try the request again later. | yes
plaid | INSTITUTION_NOT_RESPONDING | 400 | This institution is not currently responding to this request. | yes
plaid | INSTITUTION_NO_LONGER_SUPPORTED | 400 | This institution is no longer supported. | no
plaid | PLANNED_MAINTENANCE | 503 | Our systems are in maintenance and API operations are disabled. Advanced notice will be provided if a maintenance is planned. | yes
plaid | ITEM_LOCKED | 400 | The account is locked. The user should visit their institution's website to unlock their account. | no
plaid | INVALID_CREDENTIALS | 400 | The provided credentials were not correct. | no
kafka | NOT_LEADER_OR_FOLLOWER | - | For requests intended only for the leader, this error indicates that the broker is not the current leader. | yes
kafka | MESSAGE_TOO_LARGE | - | The request included a message larger than the max message size the server will accept. | no
kafka | COORDINATOR_LOAD_IN_PROGRESS | - | The coordinator is loading and hence can't process requests. | yes
kafka | REQUEST_TIMED_OUT | - | The request timed out. | yes
kafka | TOPIC_AUTHORIZATION_FAILED | - | Topic authorization failed. | no
kafka | UNSUPPORTED_VERSION | - | The version of API is not supported. | no
kafka | NOT_ENOUGH_REPLICAS | - | Messages are rejected since there are fewer in-sync replicas than required. | yes
kafka | NETWORK_EXCEPTION | - | The server disconnected before a response was received. | yes
kafka | OFFSET_OUT_OF_RANGE | - | The requested offset is not within the range of offsets maintained by the server. | no
kafka | INVALID_TOPIC_EXCEPTION | - | The request attempted to perform an operation on an invalid topic. | no
kafka | CONCURRENT_TRANSACTIONS | - | The producer attempted to update a transaction while another concurrent operation on the same transaction was ongoing. | yes
kafka | THROTTLING_QUOTA_EXCEEDED | - | The throttling quota has been exceeded. | yes
salesforce | UNABLE_TO_LOCK_ROW | 400 | Unable to obtain exclusive access to this record. | yes
salesforce | REQUEST_LIMIT_EXCEEDED | 403 | TotalRequests Limit exceeded. You have exceeded API request limits for your organization in the last 24 hours. | no
salesforce | INVALID_SESSION_ID | 401 | The session ID or OAuth token used has expired or is invalid. | yes
salesforce | SERVER_UNAVAILABLE | 503 | The server is temporarily too busy to process the request. | yes
salesforce | DUPLICATE_VALUE | 400 | A duplicate value was supplied for a field that must be unique. | no
salesforce | ENTITY_IS_DELETED | 404 | The referenced object has been deleted. | no
oauth | temporarily_unavailable | 503 | The authorization server is currently unable to handle the request due to a temporary overloading or maintenance of the server. | yes
oauth | authorization_pending | 400 | The authorization request is still pending as the end user hasn't yet completed the user-interaction steps. | yes
oauth | slow_down | 400 | The authorization request is still pending and polling should continue, but the interval must be increased by 5 seconds. | yes
oauth | invalid_grant | 400 | The provided authorization grant or refresh token is invalid, expired, revoked, or was issued to another client. | no
oauth | invalid_client | 401 | Client authentication failed. | no
oauth | unsupported_grant_type | 400 | The authorization grant type is not supported by the authorization server. | no
square | RATE_LIMITED | 429 | The request rate limit has been exceeded. | yes
square | IDEMPOTENCY_KEY_REUSED | 400 | The idempotency key has already been used with different request parameters. | no
square | TEMPORARY_ERROR | 503 | A temporary internal error occurred. You can safely retry your call using the same idempotency key. | yes
square | GATEWAY_TIMEOUT | 504 | The gateway timed out. | yes
heroku | delinquent | 402 | Either the account has become delinquent as a result of non-payment, or the account's payment method must be confirmed. | no
heroku | rate_limit | 429 | Your account reached the API rate limit. Please wait a few minutes before making new requests. | yes
heroku | maintenance | 503 | The API is undergoing maintenance. | yes
heroku | verification_required | 402 | Account must be verified before resource creation. | no
`

export interface Fact {
  publisher: string
  code: string
  http: number[]
  words: string
  retryable: boolean
}

const FACTS: readonly Fact[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [publisher, code, status, words, retryable] = line.split(' | ').map((cell) => cell.trim())
    if (retryable !== 'yes' && retryable !== 'no') throw new Error(`not a fact: ${line}`)
    return {
      publisher,
      code,
      http: status === '-' ? [] : [Number(status)],
      words,
      retryable: retryable === 'yes',
    }
  })

export const publishedFacts = (part: 'tuned' | 'held'): Fact[] =>
  FACTS.filter((_, at) => (at % 2 === 0) === (part === 'tuned'))
