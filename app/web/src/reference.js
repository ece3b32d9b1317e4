// "Reference of kernelbook" in the help menu: the pages that the server keeps under docs/.
import { PageConfig } from "@jupyterlab/coreutils";
import { IMainMenu } from "@jupyterlab/mainmenu";

const command = "kernelbook:reference";

export const referencePlugin = {
  id: "kernelbook:reference",
  description: "Opens the reference of the library.",
  optional: [IMainMenu],
  autoStart: true,
  activate(app, menu) {
    app.commands.addCommand(command, {
      label: "Reference of kernelbook",
      execute: () => window.open(`${PageConfig.getBaseUrl()}docs/`, "_blank", "noopener"),
    });
    menu?.helpMenu.addGroup([{ command }], 0);
  },
};
