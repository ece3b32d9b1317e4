// What lib uses of fflate, loaded when it is first used: its tables take 6 ms to make, and Node has its own zlib.
module.exports = {
  get Gunzip() {
    return require("fflate/browser").Gunzip;
  },
  get Inflate() {
    return require("fflate/browser").Inflate;
  },
  get Unzlib() {
    return require("fflate/browser").Unzlib;
  },
  get zlibSync() {
    return require("fflate/browser").zlibSync;
  },
};
