import ts from 'typescript'

const MAKES_CLIENT = /^OpenShellClient\.(?:connect|fromGateway|fromEnv)$/

/**
 * Where a source makes a client without saying a workspace, or asks for `default`: the text of each such call. A call that
 * `failureOf` expects to fail makes no client.
 */
export function usesOfDefaultWorkspace(text: string): string[] {
  const source = ts.createSourceFile('suite.ts', text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (makesClient(node) && !isRefused(node) && !node.arguments.some(namesWorkspace)) found.push(node.getText())
    if (asksForDefault(node)) found.push(node.getText())
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

function makesClient(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && MAKES_CLIENT.test(node.expression.getText())
}

function isRefused({ parent }: ts.CallExpression): boolean {
  return ts.isCallExpression(parent) && parent.expression.getText() === 'failureOf'
}

/** Options that are written there, or are spread from or stand in a constant that is in reach. */
function namesWorkspace(options: ts.Expression): boolean {
  if (ts.isAsExpression(options)) return namesWorkspace(options.expression)
  if (ts.isIdentifier(options)) return constantsInReach(options).some(namesWorkspace)
  if (!ts.isObjectLiteralExpression(options)) return false
  return options.properties.some((property) =>
    ts.isSpreadAssignment(property) ? namesWorkspace(property.expression) : property.name?.getText() === 'workspace',
  )
}

/** What the nearest constant of a name is set to; nothing for parameters. */
function constantsInReach(name: ts.Identifier): ts.Expression[] {
  for (let scope: ts.Node = name.parent; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue
    const declared = scope.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => [...declarationList.declarations])
      .find((declaration) => declaration.name.getText() === name.text)
    if (declared) return declared.initializer ? [declared.initializer] : []
  }
  return []
}

function asksForDefault(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return node.name.getText() === 'workspace' && isDefault(node.initializer)
  return ts.isCallExpression(node) && /\.workspace$/.test(node.expression.getText()) && isDefault(node.arguments[0])
}

function isDefault(value: ts.Expression | undefined): boolean {
  return value !== undefined && ts.isStringLiteral(value) && value.text === 'default'
}
