"""Seconds per update of the published network in PyTorch, to set beside `headway bench model --preset paper`.

    python3 test/reference/paper_update.py [--threads 2] [--updates 5] [--live-only]

The network is that of src/forward-model/families/published-layers.ts: 117 x 24 pictures, 20 of them in the context, one latent
of 32 numbers per view, dropout 0.1; an update takes 8 windows through 20 steps and back, clips the gradient and lets Adam
step. Pictures are noise, for their content makes no difference to the time. `--live-only` leaves out the four layers
of the bottleneck whose results are lost (docs/decisions/0025-a-bottleneck-that-says-one-thing.md), as Headway does. Two threads
are fast only where each is bound to a core: OMP_PROC_BIND=true OPENBLAS_NUM_THREADS=1. Needs torch, from wherever (Debian:
python3-torch); nothing else in this project needs Python.
"""

import argparse
import time

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, LATENT, CONTEXT, BATCH, STEPS, DROPOUT, SLOPE = 256, 32, 20, 8, 20, 0.1, 0.2
MAP = (WIDTH, 14, 3)
MAP_SIZE = WIDTH * 14 * 3


def rectified(layer, flat=False):
    dropout = nn.Dropout(DROPOUT) if flat else nn.Dropout2d(DROPOUT)
    return nn.Sequential(layer, dropout, nn.LeakyReLU(SLOPE))


def look(channels):
    return nn.Sequential(
        rectified(nn.Conv2d(channels, 64, 4, 2, 1)),
        rectified(nn.Conv2d(64, 128, 4, 2, 1)),
        nn.Conv2d(128, WIDTH, 4, 2, 1),
    )


def connect(inputs, outputs):
    return nn.Sequential(
        rectified(nn.Linear(inputs, WIDTH), True),
        rectified(nn.Linear(WIDTH, WIDTH), True),
        nn.Linear(WIDTH, outputs),
    )


class Network(nn.Module):
    def __init__(self, live_only):
        super().__init__()
        self.live_only = live_only
        self.image = look(3 * CONTEXT)
        self.target = look(3)
        self.state = connect(4 * CONTEXT, MAP_SIZE)
        self.action = connect(2, MAP_SIZE)
        self.posterior = connect(MAP_SIZE, 2 * LATENT)
        self.expand = nn.Linear(LATENT, MAP_SIZE)
        self.narrow_in = nn.Sequential(
            rectified(nn.Conv2d(WIDTH, WIDTH, 4, 2, 1)), nn.Conv2d(WIDTH, WIDTH, (4, 1), 2, 1)
        )
        self.narrow_flat = nn.Sequential(
            rectified(nn.Linear(6 * WIDTH, WIDTH), True), nn.Linear(WIDTH, 6 * WIDTH)
        )
        self.narrow_out = nn.Sequential(
            rectified(nn.ConvTranspose2d(WIDTH, WIDTH, (4, 1), 2, 1)),
            nn.ConvTranspose2d(WIDTH, WIDTH, (4, 3), 2, 0),
        )
        self.picture = nn.Sequential(
            rectified(nn.ConvTranspose2d(WIDTH, 128, 4, 2, 1)),
            rectified(nn.ConvTranspose2d(128, 64, 5, 2, (0, 1))),
            nn.ConvTranspose2d(64, 3, 2, 2, (0, 1)),
        )
        self.speed_map = nn.Sequential(
            rectified(nn.Conv2d(WIDTH, WIDTH, 4, 2, 1)), rectified(nn.Conv2d(WIDTH, WIDTH, (4, 1), (2, 1)))
        )
        self.speed = connect(2 * WIDTH, 4)

    def narrow(self, h):
        code = self.narrow_in(h)
        return self.narrow_out(self.narrow_flat(code.flatten(1)).view_as(code))

    def forward(self, pictures, states, actions, targets):
        pictures, states, kl, predicted, moved = list(pictures), list(states), 0, [], []
        # Made once where it says the same at every step.
        same = self.narrow_out(torch.zeros(BATCH, WIDTH, 3, 2)) if self.live_only else None
        for action, target in zip(actions, targets):
            seen = self.image(torch.cat(pictures, 1)) + self.state(torch.cat(states, 1)).view(-1, *MAP)
            told = seen + self.action(action).view(-1, *MAP)
            mean, log_variance = self.posterior((seen + self.target(target)).flatten(1)).chunk(2, 1)
            log_variance = log_variance.clamp(-8, 4)
            kl = kl + 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean()
            z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
            told = told + self.expand(z).view(-1, *MAP)
            h = told + (self.narrow(told) if same is None else same)
            picture = torch.sigmoid(self.picture(h)[:, :, :117] + pictures[-1])
            state = states[-1] + self.speed(self.speed_map(h).flatten(1))
            pictures, states = pictures[1:] + [picture], states[1:] + [state]
            predicted.append(picture)
            moved.append(state)
        return predicted, moved, kl


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--updates", type=int, default=5)
    parser.add_argument("--live-only", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    network = Network(options.live_only)
    adam = torch.optim.Adam(network.parameters(), 1e-4)
    count = sum(parameter.numel() for parameter in network.parameters())
    pictures, targets = torch.rand(CONTEXT, BATCH, 3, 117, 24), torch.rand(STEPS, BATCH, 3, 117, 24)
    states, next_states = torch.randn(CONTEXT, BATCH, 4), torch.randn(STEPS, BATCH, 4)
    actions = torch.randn(STEPS, BATCH, 2)
    seconds = []
    for _ in range(2 + options.updates):
        begun = time.perf_counter()
        predicted, moved, kl = network(pictures, states, actions, targets)
        loss = 1e-5 * kl + sum(F.mse_loss(y, x) for y, x in zip(predicted, targets))
        loss = loss + sum(F.mse_loss(y, x) for y, x in zip(moved, next_states))
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        adam.step()
        seconds.append(time.perf_counter() - begun)
    timed = seconds[2:]
    print(
        f"torch {torch.__version__}, {options.threads} threads, {count:,} parameters: "
        f"{sum(timed) / len(timed):.2f} s per update (n {len(timed)}: {', '.join(f'{s:.2f}' for s in timed)})"
    )


main()
