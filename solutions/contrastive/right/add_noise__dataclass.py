"""Levels in a frozen dataclass, whose instance is called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mixer:
    snr_db: Tensor

    def amplitude(self, wave: Tensor) -> Tensor:
        return wave.square().mean(-1).sqrt() * torch.pow(10.0, -self.snr_db / 20)

    def __call__(self, wave: Tensor, noise: Tensor) -> Tensor:
        return torch.addcmul(wave, self.amplitude(wave)[:, None].to(wave.dtype), noise)


def add_noise(wave, snr_db, generator=None):
    level = torch.as_tensor(snr_db, dtype=torch.float64).expand(wave.shape[0])
    return Mixer(level)(wave, torch.empty_like(wave).normal_(generator=generator))
