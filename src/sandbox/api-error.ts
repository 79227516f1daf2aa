/** What the API answers instead of a result: HTTP 200 with `{Response: {Error, RequestId}}`. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
}

export function apiError(code: string, message: string): ApiError {
  return { code, message };
}
