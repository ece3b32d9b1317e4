# cell: touch
for axis in ["height", "width"]:
    print(f"{axis} = ⌊(6 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = {torch.nn.Conv1d(1, 1, 3)(torch.zeros(1, 6)).shape[1]}")
# cell: formula-code
print(torch.nn.Conv1d(1, 1, 3)(torch.zeros(1, 6)).shape[1])
# cell: library
print("[", ", ".join(map(str, conv(torch.zeros(3, 256, 256)).shape[1:])), "]")
# cell: summary
import torchinfo

print(str(torchinfo.summary(conv, (1, 3, 256, 256), verbose=0)).replace("Units.MEGABYTES", "M"))
