/** One problem as a `google.rpc.BadRequest.FieldViolation`. */
export interface ReportViolation {
  readonly field: string
  readonly description: string
  readonly reason: string
}

/** The report as a whole as a `google.rpc.ErrorInfo`. */
export interface ReportInfo {
  readonly reason: string
  readonly domain: string
  readonly metadata: Readonly<Record<string, string>>
}

/** Where to read more, as a `google.rpc.Help.Link`. */
export interface ReportLink {
  readonly description: string
  readonly url: string
}

/** What a report carries besides its status. */
export interface ReportContent {
  /** Complete without the details, because many clients print nothing else. */
  readonly message: string
  /** In document order; fewer than there are problems when the budget is short. */
  readonly violations: readonly ReportViolation[]
  /** Absent only when not even this fits. */
  readonly info?: ReportInfo
  /** Absent when no problem has a link, or when it does not fit. */
  readonly help?: ReportLink
}
