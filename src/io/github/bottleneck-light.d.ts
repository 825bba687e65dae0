// The part of bottleneck without Redis, as the throttling plugin uses it, has the types of the whole.
declare module "bottleneck/light.js" {
  export { default } from "bottleneck";
}
