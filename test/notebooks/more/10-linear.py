# cell: weights
same(fc.weight)
# cell: by-hand
x = torch.tensor([1.0, 2, 3, 4])
print(fc(x).detach())
# cell: touch
spot = torch.tensor([[0.0, 1, 0], [1, 2, 1], [0, 1, 0]])
print(F.conv2d(spot.reshape(1, 1, 3, 3), (torch.arange(9.0) - 3).reshape(1, 1, 3, 3))[0, 0])
# cell: mistake
last = torch.nn.Linear(32 * 32 * 32, 10)
last(torch.flatten(batch))
