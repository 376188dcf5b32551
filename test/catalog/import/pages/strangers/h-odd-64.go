// Copyright 2025 Meshcart Technologies, Inc.
// SPDX-License-Identifier: Apache-2.0

// Package merr has the error codes of the Meshcart Fulfilment API.
//
// The values of Code are what the API sends in the "code" member of an error
// response. New values can be added in any release, so clients should treat
// codes they do not know like CodeInternal.
//
// Full reference: https://developer.meshcart.example/errors
package merr

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Version of the API this package was generated for.
const Version = "2025-06"

// Code is the machine-readable error code.
type Code string

const (
	// CodeBadRequest means that the body is not valid JSON.
	//
	// HTTP status: 400
	// Retry: never
	CodeBadRequest Code = "bad_request"

	// CodeInvalidQuantity means that the quantity of a line is zero or negative.
	//
	// HTTP status: 400
	// Retry: never
	CodeInvalidQuantity Code = "invalid_quantity"

	// CodeAPIKeyUnknown means that the API key was deleted or never existed.
	//
	// HTTP status: 401
	// Retry: never
	CodeAPIKeyUnknown Code = "api_key_unknown"

	// CodeSessionExpired means that the session token is older than 8 hours.
	//
	// HTTP status: 401
	// Retry: after logging in again
	CodeSessionExpired Code = "session_expired"

	// CodeWarehouseForbidden means that the key is limited to other warehouses.
	//
	// HTTP status: 403
	// Retry: never
	CodeWarehouseForbidden Code = "warehouse_forbidden"

	// CodeOrderNotFound means that there is no order with the given number.
	//
	// HTTP status: 404
	// Retry: never
	CodeOrderNotFound Code = "order_not_found"

	// CodeAlreadyShipped means that the order has left the warehouse and can
	// not be changed or cancelled.
	//
	// HTTP status: 409
	// Retry: never
	CodeAlreadyShipped Code = "already_shipped"

	// CodeIdempotencyMismatch means that the Idempotency-Key was used for a
	// different body within the last 24 hours.
	//
	// HTTP status: 409
	// Retry: with a new idempotency key
	CodeIdempotencyMismatch Code = "idempotency_mismatch"

	// CodeStockShort means that the stock is not sufficient for all lines.
	//
	// HTTP status: 422
	// Retry: never
	CodeStockShort Code = "stock_short"

	// CodeAddressUndeliverable means that no carrier serves the address.
	//
	// HTTP status: 422
	// Retry: never
	CodeAddressUndeliverable Code = "address_undeliverable"

	// CodeTooManyRequests means that the rate limit of the key was exceeded.
	//
	// HTTP status: 429
	// Retry: after the seconds in the Retry-After header
	CodeTooManyRequests Code = "too_many_requests"

	// CodeInternal is an unexpected error.
	//
	// HTTP status: 500
	// Retry: with exponential backoff
	CodeInternal Code = "internal"

	// CodeCarrierDown means that the API of the carrier is not reachable.
	//
	// HTTP status: 502
	// Retry: with exponential backoff
	CodeCarrierDown Code = "carrier_down"

	// CodeStocktaking means that the warehouse is closed for stocktaking.
	//
	// HTTP status: 503
	// Retry: after the seconds in the Retry-After header
	CodeStocktaking Code = "stocktaking"
)

// Error is the body of an error response.
type Error struct {
	Code      Code   `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
	Status    int    `json:"-"`
}

// Error implements the error interface.
func (e *Error) Error() string {
	return fmt.Sprintf("meshcart: %s (%s, request %s)", e.Message, e.Code, e.RequestID)
}

// FromResponse reads the error from a response whose status is not 2xx.
func FromResponse(res *http.Response) error {
	defer res.Body.Close()
	e := &Error{Status: res.StatusCode}
	if err := json.NewDecoder(res.Body).Decode(e); err != nil {
		return fmt.Errorf("meshcart: cannot decode error body: %w", err)
	}
	return e
}

// Is makes errors.Is compare by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}
