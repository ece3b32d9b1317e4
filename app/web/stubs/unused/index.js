throw new Error("this package was left out on purpose: see overrides in package.json");
