# cell: input
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

x = torch.tensor([[[1.0, 3, 2, 1], [4, 6, 5, 0], [7, 2, 9, 8], [1, 0, 3, 4]]])
print(F.max_pool2d(x, 2)[0])
# cell: by-hand
print(str([[int(v) for v in row] for row in F.max_pool2d(x, 2)[0].tolist()]).replace(" ", ""))
print(str([[int(v) if v == int(v) else v for v in row] for row in F.avg_pool2d(x, 2)[0].tolist()]).replace(" ", ""))
# cell: picture
picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255
torch.manual_seed(0)
maps = torch.nn.Conv2d(3, 4, 3, stride=2, padding=1)(picture).relu().detach()[:, 80:128, 64:112]
pooled, indices = F.max_pool2d(maps, 4, return_indices=True)
print(sum(len(set(channel.flatten().tolist())) for channel in indices), "winners framed")
same(pooled)
