// The public API and the supervisor API of wire line 0.1.
export * from './gen/v0-1/openshell/datamodel/v1/datamodel_pb.js'
export * from './gen/v0-1/openshell/options/v1/options_pb.js'
export * from './gen/v0-1/openshell/sandbox/v1/sandbox_pb.js'
export * from './gen/v0-1/openshell/v1/openshell_pb.js'
