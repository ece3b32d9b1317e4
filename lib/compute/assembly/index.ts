// What the engine calls: a table of functions that take addresses and numbers.
export * from "./elementwise";
export { COLUMNS as tileColumns } from "./micro";
export { gemm, fillBias } from "./gemm";
export { gemmThin } from "./thin";
export { gemmDots } from "./dots";
export { padPlanes, copyRows, copyTransposed, placeRows } from "./copy";
export { packWeights, convolve, convolveSpread, convolvePool, convolveWeightGradient } from "./direct";
export {
  winogradWeights,
  winograd,
  winogradWeightGradient,
  winogradWeightGradientEnd,
} from "./winograd";
export { maxPool2, maxPool2Backward, maxPool, maxPoolBackward, averagePool, averagePool2, averagePoolBackward } from "./pool";
export { maxPoolSliding, averagePoolSliding } from "./sliding-pool";
export {
  sumRows, sumColumns, sumChannels, softmaxRows, softmaxRowsBackward, channelMoments, scaleChannels, channelGradients, combineChannels,
} from "./reduce";
export { sgdStep, adamStep, rmspropStep, adagradStep } from "./optimize";
export { pooledWeightGradient } from "./pooled-gradient";
export { depthwise, depthwiseBordered, depthwiseSpread, depthwiseWeightGradient } from "./depthwise";
export { foldRows, foldColumns, bestRows, bestColumns, runningSums } from "./fold";
export { softmaxColumns, softmaxColumnsBackward } from "./softmax";
export { compareRows, chooseRows, countRows, fillBytes, convert } from "./masks";
export { wideRows, sumWideRows, extremeWideRows, expWide, wholeRows } from "./numbers";
export { firstBadPlace, gatherAxis, scatterAxis, gatherSlices, addSlices } from "./places";
export { twister, uniformFloats, chanceFloats, remainders, normalBlocks } from "./random";
export { resampleAxis, resampleAxisBackward } from "./resample";
