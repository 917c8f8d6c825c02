/** How a gateway of line 0.1 introduces itself in GetCapabilities. */
export const gatewayMetadata = {
  protocolVersion: { major: 1, minor: 0 },
  implementationName: 'openshell/gateway',
  implementationVersion: '0.1.5',
  supportedCapabilities: ['openshell.compute.contract'],
  requiredCapabilities: ['openshell.compute.contract'],
}
