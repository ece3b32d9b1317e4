// One of every explorable, as the cells of a notebook; the last cell reads what the page has changed in the first.

export const explorables = [
  {
    name: "convolution",
    cell: "const first = explore.convolution(torch.rand([3, 7, 7]), new nn.Conv2d(3, 4, 3, { padding: 1 })); first",
  },
  {
    name: "pooling",
    cell: "explore.pooling(torch.rand([2, 7, 7]), new nn.MaxPool2d(3, { stride: 2, padding: 1 }))",
  },
  { name: "padding", cell: "explore.padding(torch.rand([5, 5]))" },
  {
    name: "stride-dilation",
    cell: "explore.strideDilation({ size: 9, kernelSize: 3, stride: 2, dilation: 2 })",
  },
  { name: "channels", cell: "explore.channels(torch.rand([3, 7, 7]), new nn.Conv2d(3, 2, 3))" },
  { name: "activation", cell: "explore.activation(torch.randn([3, 7, 7]))" },
  { name: "output-size", cell: "explore.outputSize({ size: 6, kernelSize: 3, stride: 2 })" },
  { name: "filter-playground", cell: "explore.filterPlayground(torch.rand([3, 48, 48]))" },
  {
    name: "network",
    cell: "explore.network(new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU(), new nn.MaxPool2d(2)), torch.rand([1, 3, 20, 20]))",
  },
  { name: "maps", cell: "explore.maps(torch.randn([4, 12, 12]))" },
  {
    name: "confusion",
    cell: "import { confusionMatrix } from 'kernelbook/widgets'; confusionMatrix([0, 1, 1, 2], [0, 1, 0, 2], { images: torch.rand([4, 1, 8, 8]) }).explore()",
  },
];

export const explorableCells = [...explorables.map(({ cell }) => cell), `first.get("stride")`];
