// The public API and the supervisor API of wire line 0.0 (gateways 0.0.88 to 0.0.116).
export * from './gen/v0-0/openshell/datamodel/v1/datamodel_pb.js'
export * from './gen/v0-0/openshell/inference/v1/inference_pb.js'
export * from './gen/v0-0/openshell/options/v1/options_pb.js'
export * from './gen/v0-0/openshell/sandbox/v1/sandbox_pb.js'
export * from './gen/v0-0/openshell/v1/openshell_pb.js'
