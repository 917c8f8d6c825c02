// The compute-driver contract: one superset message set that gateways of both wire lines read and write.
export * from './gen/v0-1/openshell/compute/v1/compute_driver_pb.js'
export * from './gen/v0-1/openshell/extension/v1/extension_pb.js'
