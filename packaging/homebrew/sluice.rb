# Made by build/release from packaging/homebrew/sluice.rb.
class Sluice < Formula
  desc "Moves Customer.io data into databases and files, completely"
  homepage "@URL@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@URL@/sluice-@VERSION@-osx-arm64.tar.gz"
      sha256 "@SHA256:sluice-@VERSION@-osx-arm64.tar.gz@"
    end
    on_intel do
      url "@URL@/sluice-@VERSION@-osx-x64.tar.gz"
      sha256 "@SHA256:sluice-@VERSION@-osx-x64.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@/sluice-@VERSION@-linux-arm64.tar.gz"
      sha256 "@SHA256:sluice-@VERSION@-linux-arm64.tar.gz@"
    end
    on_intel do
      url "@URL@/sluice-@VERSION@-linux-x64.tar.gz"
      sha256 "@SHA256:sluice-@VERSION@-linux-x64.tar.gz@"
    end
  end

  def install
    bin.install "sluice"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/sluice.bash" => "sluice"
    zsh_completion.install "completions/_sluice"
    fish_completion.install "completions/sluice.fish"
  end

  test do
    assert_match "sluice #{version}", shell_output("#{bin}/sluice --version")
  end
end
