# cell: input
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

x = torch.arange(27.0).reshape(3, 3, 3)
weight = torch.tensor([[[1.0, 0], [0, 1]], [[0, 2], [0, 0]], [[-1, 0], [0, 0]]]).unsqueeze(0)
print(F.conv2d(x, weight)[0])
# cell: by-hand
print(int((x[:, :2, :2] * weight[0]).sum()), int(F.conv2d(x, weight)[0, 0, 0]))
# cell: out
picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255
torch.manual_seed(0)
layer = torch.nn.Conv2d(3, 8, 5, padding=2)
print(" × ".join(map(str, layer.weight.shape)))
same(layer(picture))
# cell: out-filters
same(layer.weight)
# cell: depthwise
sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
same(F.conv2d(picture, sobel.expand(3, 1, 3, 3), padding=1, groups=3))
