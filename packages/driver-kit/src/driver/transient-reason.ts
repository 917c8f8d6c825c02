/** Reasons with which gateways of both lines read Ready=False as "not ready yet", in lower case. All others are final. */
const transientReasons = new Set([
  'reconcilererror',
  'dependenciesnotready',
  'supervisornotconnected',
  'starting',
  'containerstarting',
  'containercreated',
  'healthcheckstarting',
  'inspectfailed',
])

/** Whether gateways read Ready=False with this reason as "not ready yet"; they do not look at the case. */
export function isTransientReason(reason: string): boolean {
  return transientReasons.has(reason.toLowerCase())
}
