package apierr

import (
	"fmt"
	"net/http"
	"sort"
	"sync"
)

// Package apierr holds the error codes of the Cratehaven artifact registry.
// The descriptors below are also the source of the public API reference: the
// Value of a descriptor is what clients find in errors[].code.

var (
	codeToDescriptors  = map[Code]Descriptor{}
	valueToDescriptors = map[string]Descriptor{}
	groupToDescriptors = map[string][]Descriptor{}
)

var (
	// CodeUnknown is the last resort when nothing more specific applies.
	CodeUnknown = register("common", Descriptor{
		Value:   "UNCLASSIFIED",
		Message: "unclassified error",
		Description: `Generic error returned when an error has no
		classification in the API.`,
		HTTPStatusCode: http.StatusInternalServerError,
	})

	// CodeNotSupported is returned for operations the server lacks.
	CodeNotSupported = register("common", Descriptor{
		Value:   "OPERATION_UNSUPPORTED",
		Message: "the operation is not supported",
		Description: `The operation is not implemented, or not for this set
		of parameters.`,
		HTTPStatusCode: http.StatusMethodNotAllowed,
	})

	// CodeUnauthenticated is returned if a request needs credentials.
	CodeUnauthenticated = register("common", Descriptor{
		Value:   "UNAUTHENTICATED",
		Message: "authentication required",
		Description: `The client could not be authenticated. The response
		often has a Www-Authenticate header that says how to authenticate.`,
		HTTPStatusCode: http.StatusUnauthorized,
	})

	// CodeDenied is returned if the client lacks a permission.
	CodeDenied = register("common", Descriptor{
		Value:          "ACCESS_DENIED",
		Message:        "access to the resource is denied",
		Description:    `The policy does not allow the operation on the resource.`,
		HTTPStatusCode: http.StatusForbidden,
	})

	// CodeUnavailable reports that an endpoint is down.
	CodeUnavailable = register("common", Descriptor{
		Value:   "UNAVAILABLE",
		Message: "service unavailable",
		Description: `Returned when a service is not available. Clients
		should retry with exponential backoff.`,
		HTTPStatusCode: http.StatusServiceUnavailable,
	})

	// CodeTooManyPulls is returned if a client pulls too often.
	CodeTooManyPulls = register("common", Descriptor{
		Value:   "TOO_MANY_PULLS",
		Message: "too many pulls",
		Description: `Returned when a client pulls more often than its plan
		allows. Wait for the number of seconds in the Retry-After header
		before pulling again.`,
		HTTPStatusCode: http.StatusTooManyRequests,
	})
)

const groupArtifacts = "artifacts.v1"

var (
	// CodeChecksumMismatch is returned when an upload does not match its
	// checksum.
	CodeChecksumMismatch = register(groupArtifacts, Descriptor{
		Value:   "CHECKSUM_MISMATCH",
		Message: "checksum did not match the uploaded content",
		Description: `The server compares the uploaded content with the
		checksum sent by the client. The detail may hold the key "checksum"
		with the wrong value.`,
		HTTPStatusCode: http.StatusBadRequest,
	})

	// CodeChunkOutOfOrder is returned when a chunk does not follow the
	// previous one.
	CodeChunkOutOfOrder = register(groupArtifacts, Descriptor{
		Value:          "CHUNK_OUT_OF_ORDER",
		Message:        "invalid content range",
		Description:    `Returned if the range of a chunk is out of order.`,
		HTTPStatusCode: http.StatusRequestedRangeNotSatisfiable,
	})

	// CodePathInvalid is returned when the path of an artifact is invalid.
	CodePathInvalid = register(groupArtifacts, Descriptor{
		Value:          "PATH_INVALID",
		Message:        "invalid artifact path",
		Description:    `The path holds characters that are not allowed.`,
		HTTPStatusCode: http.StatusBadRequest,
	})

	// CodeArtifactUnknown is returned when an artifact is unknown.
	CodeArtifactUnknown = register(groupArtifacts, Descriptor{
		Value:          "ARTIFACT_UNKNOWN",
		Message:        "artifact unknown to registry",
		Description:    `No artifact is stored under the path and version.`,
		HTTPStatusCode: http.StatusNotFound,
	})

	// CodeRepositoryUnknown is returned when a repository is unknown.
	CodeRepositoryUnknown = register(groupArtifacts, Descriptor{
		Value:          "REPOSITORY_UNKNOWN",
		Message:        "repository name not known to registry",
		Description:    `Returned if the repository of an operation is unknown.`,
		HTTPStatusCode: http.StatusNotFound,
	})

	// CodeVersionExists is returned when a version is immutable.
	CodeVersionExists = register(groupArtifacts, Descriptor{
		Value:   "VERSION_EXISTS",
		Message: "version already published",
		Description: `A published version cannot be overwritten. Do not
		retry the upload.`,
		HTTPStatusCode: http.StatusConflict,
	})

	// CodeUploadUnknown is returned when an upload session is unknown.
	CodeUploadUnknown = register(groupArtifacts, Descriptor{
		Value:   "UPLOAD_UNKNOWN",
		Message: "upload unknown to registry",
		Description: `If an upload was cancelled or never started, this
		error code may be returned.`,
		HTTPStatusCode: http.StatusNotFound,
	})

	// CodeQuotaReached is returned when the storage of a team is full.
	CodeQuotaReached = register(groupArtifacts, Descriptor{
		Value:          "STORAGE_QUOTA_REACHED",
		Message:        "storage quota reached",
		Description:    `The team has used up its storage.`,
		HTTPStatusCode: http.StatusRequestEntityTooLarge,
	})
)

var (
	nextCode     = 1000
	registerLock sync.Mutex
)

// Register makes an error known and returns a new Code.
func Register(group string, d Descriptor) Code {
	return register(group, d)
}

func register(group string, d Descriptor) Code {
	registerLock.Lock()
	defer registerLock.Unlock()

	d.Code = Code(nextCode)

	if _, ok := valueToDescriptors[d.Value]; ok {
		panic(fmt.Sprintf("Value %q is already registered", d.Value))
	}

	groupToDescriptors[group] = append(groupToDescriptors[group], d)
	codeToDescriptors[d.Code] = d
	valueToDescriptors[d.Value] = d

	nextCode++
	return d.Code
}

// GroupNames returns the sorted names of all groups.
func GroupNames() []string {
	keys := make([]string, 0, len(groupToDescriptors))
	for k := range groupToDescriptors {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
