# cell: touch
import numpy as np
import torchinfo
from PIL import Image

picture = torch.from_numpy(np.array(Image.open("data/picture.png").convert("RGB"))).permute(2, 0, 1) / 255
outputs = {}
for name, module in model.named_modules():
    if not list(module.children()):
        module.register_forward_hook(lambda module, args, y, name=name: outputs.update({name: y.detach()}))
model.conv2(model.conv1(picture[:, 168:232, 168:232]))
same(*outputs.values())
# cell: diagram
model(picture)
for name, y in outputs.items():
    module = model.get_submodule(name)
    count = sum(p.numel() for p in module.parameters())
    print(f"{name} {type(module).__name__} → {list(y.shape)}" + (f", {count:,} parameters" if count else ""))
# cell: summary
print(str(torchinfo.summary(model, (1, 3, 256, 256), verbose=0)).replace("Units.MEGABYTES", "M"))
# cell: maps-1
model(picture)
same(outputs["conv1.0"])
# cell: activation-1
same(outputs["conv1.1"])
# cell: pooled-1
same(outputs["conv1.2"])
# cell: maps-2
same(outputs["conv2.0"])
# cell: activation-2
same(outputs["conv2.1"])
# cell: pooled-2
same(outputs["conv2.2"])
