# cell: touch
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

for axis in ["height", "width"]:
    size = torch.nn.Conv1d(1, 1, 3, dilation=2)(torch.zeros(1, 9)).shape[1]
    print(f"{axis} = ⌊(9 + 2·0 − 2·(3 − 1) − 1) / 1⌋ + 1 = {size}")
# cell: by-hand
wide = torch.zeros(5, 5, dtype=torch.int64)
wide[::2, ::2] = torch.arange(1, 10).reshape(3, 3)
print(wide)
# cell: picture
picture = (torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255).mean(0, keepdim=True)
sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(1, 1, 3, 3)
same(torch.cat([F.conv2d(picture, sobel, padding=d, dilation=d) for d in [1, 2, 4, 8]]))
# cell: field
def measured(*dilations):
    seen = torch.zeros(1, 41, requires_grad=True)
    y = seen
    for d in dilations:
        y = F.conv1d(y, torch.ones(1, 1, 3), dilation=d)
    y[0, 0].backward()
    return int(seen.grad.ne(0).sum())


print(measured(1, 1), measured(1, 2, 4))
# cell: field-measure
torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 8, 3), torch.nn.ReLU(),
    torch.nn.Conv2d(8, 8, 3, dilation=2), torch.nn.ReLU(),
    torch.nn.Conv2d(8, 8, 3, dilation=4),
)
piece = picture[:, 100:164, 100:164].clone().requires_grad_()
net(piece)[:, 20, 20].sum().backward()
at = piece.grad[0].abs().gt(1e-6).nonzero()
(top, left), (bottom, right) = at.amin(0).tolist(), at.amax(0).tolist()
print(f"measured {bottom - top + 1}×{right - left + 1} (rows {top} to {bottom}, columns {left} to {right})")
