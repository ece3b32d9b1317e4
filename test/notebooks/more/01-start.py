# cell: picture
import numpy as np
import torch
from PIL import Image

picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1)
same(picture)
# cell: maps
same(conv(x))
# cell: shape
print(",".join(map(str, picture.shape)), "->", ",".join(map(str, conv(x).shape)))
# cell: windows
same(conv.weight)
# cell: touch
same(conv(x[:, 96:104, 96:104]))
