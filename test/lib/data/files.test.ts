import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../../lib/index.js";

const { csv, CIFAR10, ImageFolder, MNIST } = torch.utils.data;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
after(() => fs.rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => path.join(folder, ...names);
const bytes = (words: string): Uint8Array => Uint8Array.from(words, (c) => c.charCodeAt(0));

describe("utils.data.csv(file, options)", () => {
  const read = (words: string, options = {}) => csv(new TextEncoder().encode(words), options);

  it("takes commas, semicolons and tabs, quotes, a byte order mark and all ends of lines", () => {
    for (const words of ['a,"b"\r\n1,"2"\r\n', "\ufeffa;b\n1;2\n\n", "a\tb\r1\t2\r"]) {
      const { columns, values } = read(words);
      expect([columns, values.tolist()]).to.deep.equal([["a", "b"], [[1, 2]]]);
    }
    expect(read("1,2\n3,4").columns).to.deep.equal(["0", "1"]);
    expect(read('"x,""y"""\n1\n').columns).to.deep.equal(['x,"y"']);
  });

  it("makes labels of a column of text", () => {
    const { columns, values, targets, classes } = read("l,w,kind\n1,2,b\n3,4,a\n5,6,b\n", {
      target: "kind",
    });
    expect([columns, values.shape, classes]).to.deep.equal([
      ["l", "w"],
      [3, 2],
      ["a", "b"],
    ]);
    expect(targets!.tolist()).to.deep.equal([1, 0, 1]);
    expect(read("1,10\n2,9\n", { target: 1 }).classes).to.deep.equal(["9", "10"]);
  });

  it("refuses what is no number, and says what can be done", () => {
    expect(() => read("a,b\n1,\n")).to.throw(
      torch.io.FileError,
      'row 2, column b: "" is no number',
    );
    expect(read("a,b\n1,NA\n", { missing: -1 }).values.tolist()).to.deep.equal([[1, -1]]);
    expect(() => read("a,b\n1,x\n2,3\n")).to.throw(torch.io.FileError, "{ target: … }");
    expect(() => read("a,b\n1\n")).to.throw(
      torch.io.FileError,
      "row 2 has 1 cells, the first has 2",
    );
    expect(() => read('a\n"1\n')).to.throw(torch.io.FileError, "never closed");
    expect(() => read("a\n1\n", { target: "c" })).to.throw(torch.io.FileError, "no column c");
  });
});

describe("utils.data.ImageFolder(root)", () => {
  const picture = (value: number) => torch.full([3, 2, 2], value, { dtype: "uint8" });
  before(() => {
    for (const name of ["set/dog", "set/cat/b", "set/cat/a-b", "set/cat/b/c", "other"])
      fs.mkdirSync(at(name), { recursive: true });
    const files = [
      "dog/2.png",
      "dog/10.PNG",
      "cat/z.png",
      "cat/b/c/1.png",
      "cat/a-b/1.png",
      "cat/b/1.png",
    ];
    files.forEach((name, k) => torch.io.writePng(picture(k), at("set", name)));
    fs.writeFileSync(at("set/cat/notes.txt"), "");
    fs.writeFileSync(at("set/readme.md"), "");
    fs.symlinkSync(at("set/cat"), at("set/cat/b/up"));
    fs.symlinkSync(at("nowhere.png"), at("set/dog/gone.png"));
    fs.symlinkSync(at("set/dog/2.png"), at("set/dog/3.png"));
  });

  it("takes classes and files in torchvision's order, through links, and leaves others out", () => {
    const set = new ImageFolder(at("set"));
    expect(set.classes).to.deep.equal(["cat", "dog"]);
    expect({ ...set.classToIdx }).to.deep.equal({ cat: 0, dog: 1 });
    expect(set.samples.map(([file]) => path.relative(at("set"), file))).to.deep.equal([
      "cat/z.png",
      "cat/a-b/1.png",
      "cat/b/1.png",
      "cat/b/c/1.png",
      "dog/10.PNG",
      "dog/2.png",
      "dog/3.png",
    ]);
    expect(set.targets).to.deep.equal([0, 0, 0, 0, 1, 1, 1]);
    const [x, label] = set.get(-1);
    expect([x.shape, x.dtype, label]).to.deep.equal([[3, 2, 2], "float32", 1]);
  });

  it("names a class without pictures, and what reads JPEG", () => {
    expect(() => new ImageFolder(at("other"))).to.throw(torch.io.FileError, "no folders in it");
    fs.mkdirSync(at("jpeg/cow"), { recursive: true });
    fs.writeFileSync(at("jpeg/cow/1.jpg"), "");
    expect(() => new ImageFolder(at("jpeg"))).to.throw(
      torch.io.FileError,
      "no PNG in it, but 1.jpg: await ImageFolder.open(…)",
    );
  });

  it("opens PNG at once, too", async () => {
    const set = await ImageFolder.open(at("set"), { transform: (x) => x });
    expect(set.get(4)[0].tolist()).to.deep.equal(picture(1).tolist());
  });
});

describe("utils.data.CIFAR10(root)", () => {
  it("reads the files of the Python version, as Python 2 has written them", () => {
    const raw = String.fromCharCode(...Array.from({ length: 2 * 3072 }, (_, i) => i % 251));
    const length = String.fromCharCode(0, 24, 0, 0);
    const pickle =
      "\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x04testq\x03U\x04dataq\x04cnumpy.core.multiarray\n_reconstruct\nq\x05" +
      "cnumpy\nndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07(K\x01K\x02M\x00\x0c\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87R" +
      "q\x09(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T" +
      `${length}${raw}tbU\x06labelsq\x0a]q\x0b(K\x03K\x07eu.`;
    fs.mkdirSync(at("cifar-10-batches-py"));
    fs.writeFileSync(at("cifar-10-batches-py/test_batch"), bytes(pickle));
    const set = new CIFAR10(folder, { train: false, transform: (x) => x });
    expect([set.length, set.targets.tolist()]).to.deep.equal([2, [3, 7]]);
    expect(set.get(1)[0].data[5]).to.equal((3072 + 5) % 251);
    expect(() => new CIFAR10(folder)).to.throw(
      torch.io.FileError,
      "there is no data_batch_1.bin here",
    );
    fs.writeFileSync(
      at("cifar-10-batches-py/test_batch"),
      bytes(pickle.replace("K\x07eu", "K\x0aeu")),
    );
    expect(() => new CIFAR10(folder, { train: false })).to.throw("the label 10, the largest is 9");
  });
});

describe("utils.data.MNIST(root)", () => {
  it("finds its files in torchvision's place, and says where they belong", () => {
    fs.mkdirSync(at("MNIST/raw"), { recursive: true });
    const images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 51, 102, 255];
    fs.writeFileSync(at("MNIST/raw/t10k-images-idx3-ubyte"), Uint8Array.from(images));
    fs.writeFileSync(
      at("MNIST/raw/t10k-labels-idx1-ubyte"),
      Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 9),
    );
    const [x, label] = new MNIST(folder, { train: false }).get(0);
    expect([x.shape, label]).to.deep.equal([[1, 2, 2], 9]);
    expect(x.data[1]).to.be.closeTo(0.2, 1e-7);
    expect(() => new MNIST(folder)).to.throw(torch.io.FileError, "nothing is downloaded");
  });
});
