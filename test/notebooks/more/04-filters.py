# cell: picture
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255
x = (picture * torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)).sum(0, keepdim=True)
same(x)
# cell: touch
same(x)
# cell: classics
classics = torch.tensor([
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    [[1 / 9] * 3] * 3,
    [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
]).unsqueeze(1)
print("[", ", ".join(map(str, classics.shape)), "]")
# cell: maps
maps = F.conv2d(F.pad(x, [1, 1, 1, 1], mode="replicate"), classics)
same(maps[0:3])
# cell: looks
row = torch.zeros(260, 776)  # torchvision's make_grid: two pixels of 0 around and between
for k, look in enumerate([maps[3], x[0], maps[4]]):
    row[2:258, 2 + 258 * k : 258 + 258 * k] = look.clamp(0, 1)
same(row)
# cell: strength
strength = (maps[0:1].square() + maps[1:2].square()).sqrt()
same(strength / strength.max())
# cell: learned
torch.manual_seed(0)
conv = torch.nn.Conv2d(1, 8, 3, padding=1)
same(conv.weight)
# cell: learned-maps
same(conv(x))
# cell: deeper
torch.manual_seed(0)
conv = torch.nn.Conv2d(1, 8, 3, padding=1)
second = torch.nn.Conv2d(8, 8, 3, padding=1)
same(second(conv(x).relu()))
