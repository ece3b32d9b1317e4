// How the page is bundled. The module rules are those of @jupyter/builder (lib/webpack.config.base.js).
import { createRequire } from "node:module";
import path from "node:path";
import { rspack } from "@rspack/core";
import svgToDataUri from "mini-svg-data-uri";
import patches from "./patches.cjs";

const require = createRequire(import.meta.url);

const patchedFiles = Object.keys(patches).map((file) => path.resolve("node_modules", file));

const rules = [
  {
    test: /(?<!\.raw)\.css$/,
    use: [rspack.CssExtractRspackPlugin.loader, "css-loader"],
    type: "javascript/auto",
  },
  { test: /\.raw\.css$/, type: "asset/source" },
  { test: /\.(txt|md)$/, type: "asset/source" },
  { test: /\.(jpg|png|gif|woff2?|ttf|eot)(\?v=\d+\.\d+\.\d+)?$/, type: "asset/resource" },
  {
    test: /\.svg(\?v=\d+\.\d+\.\d+)?$/,
    issuer: /\.css$/,
    type: "asset",
    generator: {
      dataUrl: { content: (svg) => svgToDataUri(svg.toString()), mimetype: "image/svg+xml" },
    },
  },
  { test: /\.svg(\?v=\d+\.\d+\.\d+)?$/, issuer: /\.js$/, type: "asset/source" },
  { test: /\.m?js$/, type: "javascript/auto" },
  { test: /\.[cm]?js/, resolve: { fullySpecified: false } },
  { test: /\.js$/, include: patchedFiles, use: [path.resolve("app/web/build/patch-loader.cjs")] },
];

/** Scripts of packages that begin so; style sheets stay together, in their order. */
const scriptsOf = (packages) => {
  const pattern = new RegExp(`node_modules[\\\\/](${packages})`);
  return (module) =>
    /^javascript/.test(module.type) && pattern.test(module.nameForCondition() ?? "");
};
const initial = { chunks: "initial", enforce: true };
const initialGroups = {
  jupyter: { ...initial, name: "jupyter", test: scriptsOf("@jupyter") },
  editor: {
    ...initial,
    name: "editor",
    test: scriptsOf("@codemirror|@lezer|@lumino|@microsoft|yjs|lib0|style-mod|react"),
  },
};

/** Two bundles: the page, and the themes' style sheets, which the page fetches by name. */
export function configurations({ generated, output, themes, onProgress }) {
  const common = {
    mode: "production",
    devtool: false,
    module: { rules },
    resolve: {
      alias: { "kernelbook-web": generated, "kernelbook-web-src": path.resolve("app/web/src") },
      fallback: {
        url: false,
        buffer: false,
        crypto: false,
        util: false,
        path: require.resolve("path-browserify"),
        process: require.resolve("process/browser.js"),
      },
    },
    performance: { hints: false },
  };
  const provideProcess = new rspack.ProvidePlugin({ process: "process/browser" });
  const assetModuleFilename = "assets/[name]-[contenthash:8][ext]";

  const page = {
    ...common,
    name: "page",
    entry: { main: path.resolve("app/web/src/main.js") },
    output: {
      path: output,
      publicPath: "auto",
      filename: "[name]-[contenthash:8].js",
      chunkFilename: "chunks/[name]-[contenthash:8].js",
      assetModuleFilename,
      // Plain scripts, not modules: Chromium 156 writes its code cache for modules, but does not use it
      // again. With it, a page that was opened before has its cells in half the time.
      chunkFormat: "array-push",
      chunkLoading: "jsonp",
    },
    plugins: [
      provideProcess,
      new rspack.CssExtractRspackPlugin({
        filename: "[name]-[contenthash:8].css",
        chunkFilename: "chunks/[name]-[contenthash:8].css",
        ignoreOrder: true,
      }),
      new rspack.ProgressPlugin(onProgress),
    ],
    optimization: {
      splitChunks: {
        chunks: "async",
        cacheGroups: {
          // What every page needs, in three files: they are fetched and parsed side by side.
          ...initialGroups,
          // Its parts are asked for one by one, and always all: one file instead of thirty.
          mathjax: {
            test: /node_modules[\\/](mathjax-full|@jupyterlab[\\/]mathjax)/,
            name: "mathjax",
            enforce: true,
          },
        },
      },
    },
  };
  const themeSheets = {
    ...common,
    name: "themes",
    entry: themes,
    output: {
      path: path.join(output, "themes"),
      publicPath: "../../",
      filename: ".empty/[name].js",
      assetModuleFilename,
    },
    plugins: [provideProcess, new rspack.CssExtractRspackPlugin({ filename: "[name].css" })],
  };
  return [page, themeSheets];
}
