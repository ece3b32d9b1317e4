# cell: touch-padding
import torch
import torch.nn.functional as F

print(F.pad(torch.arange(1.0, 17).reshape(1, 4, 4), [2, 2, 2, 2])[0])
# cell: touch-stride
for axis in ["height", "width"]:
    size = torch.nn.Conv1d(1, 1, 3, stride=2)(torch.zeros(1, 9)).shape[1]
    print(f"{axis} = ⌊(9 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = {size}")
# cell: stride-show
same(maps[2])
# cell: by-hand
print(F.conv2d(x, edge, stride=2, padding=1).long()[0])
