// Copyright (c) 2018-2024 Beichen Cloud. All Rights Reserved.
//
// Licensed under the Apache License, Version 2.0 (the "License");
// you may not use this file except in compliance with the License.
// You may obtain a copy of the License at
//
//     http://www.apache.org/licenses/LICENSE-2.0
//
// Unless required by applicable law or agreed to in writing,
// software distributed under the License is distributed on an "AS IS" BASIS,
// WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
// See the License for the specific language governing permissions and
// limitations under the License.

package v20230815

const (
	// 此产品的特有错误码

	// CAM签名/鉴权错误。
	AUTHFAILURE = "AuthFailure"

	// DryRun 操作，代表请求将会是成功的，只是多传了 DryRun 参数。
	DRYRUNOPERATION = "DryRunOperation"

	// 操作失败。
	FAILEDOPERATION = "FailedOperation"

	// 实例正在创建快照，请等待 30 秒后重试。
	FAILEDOPERATION_SNAPSHOTCREATING = "FailedOperation.SnapshotCreating"

	// 内部错误，请稍后重试。
	INTERNALERROR = "InternalError"

	// 数据库连接失败，请稍后重试。
	INTERNALERROR_DBCONNECTFAILED = "InternalError.DbConnectFailed"

	// 参数错误。
	INVALIDPARAMETER = "InvalidParameter"

	// 名称格式不正确。
	INVALIDPARAMETER_NAMEFORMAT = "InvalidParameter.NameFormat"

	// 参数取值错误。
	INVALIDPARAMETERVALUE = "InvalidParameterValue"

	// 参数值有重复。
	INVALIDPARAMETERVALUE_REPEATED = "InvalidParameterValue.Repeated"

	// 超过配额限制。
	LIMITEXCEEDED = "LimitExceeded"

	// 缺少参数错误。
	MISSINGPARAMETER = "MissingParameter"

	// 操作被拒绝。
	OPERATIONDENIED = "OperationDenied"

	// 请求的次数超过了频率限制。请使用指数退避方式重试。
	REQUESTLIMITEXCEEDED = "RequestLimitExceeded"

	// 资源被占用。
	RESOURCEINUSE = "ResourceInUse"

	// 资源不足。
	RESOURCEINSUFFICIENT = "ResourceInsufficient"

	// 资源不存在。
	RESOURCENOTFOUND = "ResourceNotFound"

	// 实例不存在或已被释放。
	RESOURCENOTFOUND_INSTANCE = "ResourceNotFound.Instance"

	// 资源售罄。
	RESOURCESSOLDOUT = "ResourcesSoldOut"

	// 未授权操作。
	UNAUTHORIZEDOPERATION = "UnauthorizedOperation"

	// 账户欠费，请勿重试。
	UNAUTHORIZEDOPERATION_ACCOUNTOVERDUE = "UnauthorizedOperation.AccountOverdue"

	// 操作不支持。
	UNSUPPORTEDOPERATION = "UnsupportedOperation"

	// 当前地域不支持该操作。
	UNSUPPORTEDOPERATION_REGION = "UnsupportedOperation.Region"
)
