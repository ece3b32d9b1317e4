# cell: picture
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255
torch.manual_seed(0)
conv = torch.nn.Conv2d(3, 16, 3, stride=2, padding=1)
maps = conv(picture).detach()
part = maps[0:1, 32:64, 32:64]
same(part, F.relu(part))
# cell: before-after
same(maps, F.relu(maps))
